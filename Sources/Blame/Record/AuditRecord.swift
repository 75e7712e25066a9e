public import Documents

/// An object of the API by its resource, as audit events name it.
public struct ObjectName: Hashable, Sendable, CustomStringConvertible {
    /// Empty for the core group.
    public let group: String
    /// `deployments`
    public let resource: String
    /// Empty for what lives outside namespaces.
    public let namespace: String
    public let name: String

    public init(group: String, resource: String, namespace: String, name: String) {
        (self.group, self.resource, self.namespace, self.name) = (group, resource, namespace, name)
    }

    /// `deployments.apps shop/web`
    public var description: String {
        "\(resource)\(group.isEmpty ? "" : "." + group) \(namespace.isEmpty ? "" : namespace + "/")\(name)"
    }

    /// Bodies hold what nobody but its readers may see.
    public var isSecret: Bool { group.isEmpty && resource == "secrets" }
}

/// One answered request that concerns an object, as an audit log tells of it (`audit.k8s.io`).
public struct AuditRecord: Sendable {
    public enum Level: String, Sendable {
        case metadata = "Metadata"
        case request = "Request"
        case requestResponse = "RequestResponse"
    }

    public enum Stage: String, Sendable {
        case received = "RequestReceived"
        case started = "ResponseStarted"
        case complete = "ResponseComplete"
        case panic = "Panic"
    }

    public let id: String
    public let stage: Stage
    public let level: Level
    public let verb: String
    /// The name is empty when the request carried none.
    public let object: ObjectName
    public let subresource: String
    /// Empty when the event does not say.
    public let uid: String
    public let actor: Actor
    /// When the request came, RFC 3339 in UTC: texts that sort as times do.
    public let received: String
    /// When this stage was reached.
    public let reached: String
    /// 0 when the event names none.
    public let code: Int
    public let isDryRun: Bool
    /// What the query of the request says of the manager of its fields.
    public let fieldManager: String
    /// The query says `force`, which only server-side apply may.
    public let isForced: Bool
    /// Why the request was allowed: `RBAC: allowed by RoleBinding …`.
    public let reason: String
    /// Of a request for a token: the id of the one that was issued, empty where the server does not note it.
    public let issuedCredential: String
    /// Admission webhooks that changed what was sent, as `configuration/webhook`.
    public let webhooks: [String]
    /// The whole event.
    let event: Value
    /// Both are missing where the audit level has no bodies.
    public let request: Value
    public let response: Value
    /// `audit.log:17`
    public let place: Place

    public struct Place: Hashable, Sendable, CustomStringConvertible {
        public let source: String
        public let line: Int

        public init(source: String, line: Int) { (self.source, self.line) = (source, line) }

        public var description: String { line > 0 ? "\(source):\(line)" : source }
    }

    /// Whether the server carried out what was asked. What upgrades a connection (`exec`) ends with 101.
    public var succeeded: Bool { stage != .received && stage != .panic && !isDryRun && (200..<300 ~= code || code == 101) }

    /// The name of the object, also where the server made it up: the answer then tells it.
    public var name: String {
        if !object.name.isEmpty { return object.name }
        return AuditRecord.names(response) ?? ""
    }

    /// The name in an answer that is the object, and no list or status.
    static func names(_ answer: Value) -> String? {
        guard answer.exists, (try? answer["kind"].equals("Status")) != true, let name = try? answer["metadata"]["name"].string() else { return nil }
        return name
    }

    // MARK: - Reading

    /// - Throws: `WrongType` for what is no event of an API server.
    public init(_ event: Value, at place: Place) throws(WrongType) {
        guard try event["kind"].equals("Event"), try event["apiVersion"].hasPrefix("audit.k8s.io/") else {
            throw WrongType(value: event, expected: "an Event of audit.k8s.io")
        }
        id = try event["auditID"].string() ?? ""
        guard let stage = Stage(rawValue: try event["stage"].string() ?? "") else { throw WrongType(value: event["stage"], expected: "a stage") }
        self.stage = stage
        level = Level(rawValue: try event["level"].string() ?? "") ?? .metadata
        verb = try event["verb"].string() ?? ""
        let reference = event["objectRef"]
        object = ObjectName(
            group: try reference["apiGroup"].string() ?? "", resource: try reference["resource"].string() ?? "",
            namespace: try reference["namespace"].string() ?? "", name: try reference["name"].string() ?? "")
        subresource = try reference["subresource"].string() ?? ""
        let impersonated = event["impersonatedUser"]
        let user = try Identity(event["user"])
        actor = Actor(
            authenticated: user, impersonated: impersonated.exists ? try Identity(impersonated) : nil, addresses: try event["sourceIPs"].strings(),
            userAgent: try event["userAgent"].string() ?? "", credential: Credential(event["user"], of: user))
        received = try AuditRecord.time(event["requestReceivedTimestamp"])
        reached = try event["stageTimestamp"].exists ? AuditRecord.time(event["stageTimestamp"]) : received
        code = Int(clamping: try event["responseStatus"]["code"].int() ?? 0)
        self.event = event
        request = event["requestObject"]
        response = event["responseObject"]
        let query = Query(of: try event["requestURI"].string() ?? "")
        fieldManager = query["fieldManager"] ?? ""
        // Of a deletion the body may say it too.
        if let trial = query["dryRun"] {
            isDryRun = !trial.isEmpty
        } else if verb.hasPrefix("delete") {
            isDryRun = try !request["dryRun"].items().isEmpty
        } else {
            isDryRun = false
        }
        isForced = query["force"] != nil && verb == "patch"
        reason = try event["annotations"]["authorization.k8s.io/reason"].string() ?? ""
        let issued = (try? event["annotations"]["authentication.kubernetes.io/issued-credential-id"].string()) ?? ""
        issuedCredential = Credential.bounded(issued)
        webhooks = try AuditRecord.webhooks(event["annotations"])
        let own = try reference["uid"].string() ?? ""
        uid = own.isEmpty ? AuditRecord.uid(response) : own
        self.place = place
    }

    /// A patch that states the whole of what its sender wants to own.
    public var isApply: Bool {
        guard verb == "patch", subresource.isEmpty else { return false }
        return isForced || request["apiVersion"].kind == .string && request["kind"].kind == .string
    }

    /// The server notes for each webhook whether it changed the object (`mutation.webhook.admission.k8s.io/round_0_index_0`).
    private static func webhooks(_ annotations: Value) throws(WrongType) -> [String] {
        var found: [String] = []
        for entry in try annotations.entries() where entry.isKeyed(prefix: "mutation.webhook.admission.k8s.io/") {
            let text = try entry.string() ?? ""
            guard let note = DocumentTree.parse(Array(text.utf8), source: "annotation", syntax: .json).tree.roots.first,
                (try? note["mutated"].bool()) == true, let webhook = try? note["webhook"].string()
            else { continue }
            found.append(((try? note["configuration"].string()).map { $0 + "/" } ?? "") + webhook)
        }
        return found
    }

    private static func uid(_ answer: Value) -> String {
        guard answer.exists, (try? answer["kind"].equals("Status")) != true else { return "" }
        return (try? answer["metadata"]["uid"].string()) ?? ""
    }

    /// `2026-11-24T05:18:49.123456Z`, brought to microseconds so that texts sort as times do.
    private static func time(_ value: Value) throws(WrongType) -> String {
        let text = try value.string() ?? ""
        guard text.hasSuffix("Z"), Timestamp(text) != nil else { throw WrongType(value: value, expected: "a time in UTC") }
        let body = text.dropLast()
        let fraction = body.utf8.count > 20 ? body.suffix(body.utf8.count - 20).prefix(6) : ""
        return "\(body.prefix(19)).\(fraction)\(String(repeating: "0", count: 6 - fraction.utf8.count))Z"
    }
}

/// The query of a request's path, escapes decoded; the first of repeated parameters counts, as the API server has it.
struct Query {
    private var values: [String: String] = [:]

    init(of uri: String) {
        guard let mark = uri.utf8.firstIndex(of: UInt8(ascii: "?")) else { return }
        for pair in uri.utf8[uri.utf8.index(after: mark)...].split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = Query.decoded(parts[0])
            if values[name] == nil { values[name] = parts.count > 1 ? Query.decoded(parts[1]) : "" }
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    private static func decoded(_ text: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
