public import Documents
import Kubernetes

/// A request that the API server has let through, as its audit log tells of it.
public struct AuditEvent: Sendable {
    public let user: String
    /// As the API server had them, the implied ones included.
    public let groups: [String]
    public let request: AccessRequest
    /// When the request came, RFC 3339 in UTC: texts that sort as times do.
    public let time: String
    /// Requests that had to be allowed too, though no event of their own tells of them: those to impersonate.
    public let impersonations: [AuditEvent]

    private static let finalStages: [StaticString] = ["ResponseComplete", "Panic"]

    /// What one document of an audit log says.
    public enum Reading: Sendable {
        case allowed(AuditEvent)
        /// Refused, or not asked about.
        case notAllowed
        /// Of a request that has not been answered yet; another event tells how it ended.
        case unfinished
    }

    public init(user: String, groups: [String], request: AccessRequest, time: String, impersonations: [AuditEvent] = []) {
        self.user = user
        self.groups = groups
        self.request = request
        self.time = time
        self.impersonations = impersonations
    }

    /// - Parameter event: of `audit.k8s.io`, of any version, since what is read here is the same in all.
    /// - Throws: `WrongType` for what is no event, or lacks what every event has.
    public static func read(_ event: Value) throws(WrongType) -> Reading {
        guard try event["kind"].equals("Event"), try event["apiVersion"].hasPrefix("audit.k8s.io/") else {
            throw WrongType(value: event, expected: "an Event of audit.k8s.io")
        }
        // Panic ends a request that was allowed before it failed.
        guard try event["stage"].equals(anyOf: finalStages) else { return .unfinished }
        guard try event["annotations"]["authorization.k8s.io/decision"].equals("allow") else { return .notAllowed }
        let time = try event["requestReceivedTimestamp"].string() ?? ""
        guard isTime(time) else { throw WrongType(value: event["requestReceivedTimestamp"], expected: "an event with a time in UTC") }
        let request = try request(of: event)
        let impersonated = event["impersonatedUser"]
        guard impersonated.exists else {
            let (user, groups) = try identity(event["user"])
            return .allowed(AuditEvent(user: user, groups: groups, request: request, time: time))
        }
        let (user, groups) = try identity(impersonated)
        let (impersonator, theirGroups) = try identity(event["user"])
        let impersonations = try impersonations(of: impersonated).map {
            AuditEvent(user: impersonator, groups: theirGroups, request: $0, time: time)
        }
        return .allowed(AuditEvent(user: user, groups: groups, request: request, time: time, impersonations: impersonations))
    }

    private static func identity(_ user: Value) throws(WrongType) -> (user: String, groups: [String]) {
        let name = try user["username"].string() ?? ""
        guard !name.isEmpty else { throw WrongType(value: user, expected: "a user with a name") }
        return (name, try user["groups"].strings())
    }

    /// `2026-11-24T05:18:49.123456Z`
    private static func isTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 32, bytes.last == UInt8(ascii: "Z"), bytes[10] == UInt8(ascii: "T") else { return false }
        return bytes.allSatisfy {
            UInt8(ascii: "-")...UInt8(ascii: ":") ~= $0 && $0 != UInt8(ascii: "/") || $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: "Z")
        }
    }

    // MARK: - What was asked

    private static func request(of event: Value) throws(WrongType) -> AccessRequest {
        let verb = try event["verb"].string() ?? ""
        guard !verb.isEmpty else { throw WrongType(value: event, expected: "an event with a verb") }
        let object = event["objectRef"]
        let resource = try object["resource"].string() ?? ""
        guard !resource.isEmpty else {
            let uri = try event["requestURI"].string() ?? ""
            guard !uri.isEmpty else { throw WrongType(value: event, expected: "an event with an object or a path") }
            return AccessRequest(verb, url: path(of: uri))
        }
        let subresource = try object["subresource"].string() ?? ""
        // The log takes the name of what is created from the object itself; the request carried none.
        let isNameless = verb == "create" && subresource.isEmpty
        let name = isNameless ? "" : try object["name"].string() ?? ""
        let namespace = try object["namespace"].string() ?? ""
        return AccessRequest(
            verb, APIResource(try object["apiGroup"].string() ?? "", subresource.isEmpty ? resource : "\(resource)/\(subresource)"),
            namespace: namespace,
            name: name)
    }

    /// The path without its query, escapes decoded, as rules are compared with it.
    private static func path(of uri: String) -> String {
        var path: [UInt8] = []
        var rest = uri.utf8.prefix { $0 != UInt8(ascii: "?") }
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) {
                path.append(code)
                rest = rest.dropFirst(2)
            } else {
                path.append(byte)
            }
        }
        return String(decoding: path, as: UTF8.self)
    }

    /// The API server asks for the user, for each group and for each other attribute that was to be taken over. Groups
    /// that follow from the name are added without asking.
    private static func impersonations(of user: Value) throws(WrongType) -> [AccessRequest] {
        let name = try user["username"].string() ?? ""
        var requests: [AccessRequest] = []
        if let account = ServiceAccountName(user: name) {
            requests.append(AccessRequest("impersonate", APIResource("", "serviceaccounts"), namespace: account.namespace, name: account.name))
        } else {
            requests.append(AccessRequest("impersonate", APIResource("", "users", clusterScoped: true), name: name))
        }
        let implied = Set(Requester(user: name).groups)
        for group in try user["groups"].strings() where !implied.contains(group) {
            requests.append(AccessRequest("impersonate", APIResource("", "groups", clusterScoped: true), name: group))
        }
        let uid = try user["uid"].string() ?? ""
        if !uid.isEmpty {
            requests.append(AccessRequest("impersonate", APIResource("authentication.k8s.io", "uids", clusterScoped: true), name: uid))
        }
        for extra in try user["extra"].entries() {
            for value in try extra.strings() {
                requests.append(
                    AccessRequest("impersonate", APIResource("authentication.k8s.io", "userextras/\(extra.key)", clusterScoped: true), name: value))
            }
        }
        return requests
    }
}
