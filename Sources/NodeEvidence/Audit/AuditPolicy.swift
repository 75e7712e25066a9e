public import Documents

/// How much of a request an API server writes into its audit log.
public enum AuditLevel: String, Sendable, CaseIterable, Comparable {
    case none = "None"
    /// Who asked for what, when, and with which result.
    case metadata = "Metadata"
    /// That, and the body of the request.
    case request = "Request"
    /// That, and the body of the answer.
    case requestResponse = "RequestResponse"

    public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// When in the life of a request an event is written.
public enum AuditStage: String, Sendable, CaseIterable {
    case requestReceived = "RequestReceived"
    case responseStarted = "ResponseStarted"
    case responseComplete = "ResponseComplete"
    case panic = "Panic"
}

/// A request as an audit policy sees it.
public struct AuditRequest: Sendable, Hashable {
    /// nil for a request that was not authenticated; rules that name users or groups never match it.
    public var user: String?
    public var groups: [String]
    public var verb: String
    /// nil for what is no resource.
    public var resource: Resource?
    /// Of what is no resource.
    public var path: String

    public struct Resource: Sendable, Hashable {
        public var group: String
        public var name: String
        public var subresource: String
        /// Empty where the request names no object, as in `list`.
        public var object: String
        public var namespace: String

        public init(group: String = "", _ name: String, subresource: String = "", object: String = "", namespace: String = "") {
            (self.group, self.name, self.subresource, self.object, self.namespace) = (group, name, subresource, object, namespace)
        }

        /// `pods/exec`
        public var text: String { subresource.isEmpty ? name : "\(name)/\(subresource)" }
    }

    public init(user: String?, groups: [String], verb: String, _ resource: Resource) {
        (self.user, self.groups, self.verb, self.resource, path) = (user, groups, verb, resource, "")
    }

    public init(user: String?, groups: [String], verb: String, path: String) {
        (self.user, self.groups, self.verb, resource, self.path) = (user, groups, verb, nil, path)
    }
}

/// What an audit policy decides about one request.
public struct AuditDecision: Sendable, Equatable {
    public let level: AuditLevel
    public let omitted: Set<AuditStage>
    public let omitsManagedFields: Bool
    /// The index of the rule that decided, nil where none matched.
    public let rule: Int?
}

/// One rule of an audit policy. Lists that are empty restrict nothing.
public struct AuditRule: Sendable {
    public let place: Value
    public let level: AuditLevel
    public let users, userGroups, verbs, namespaces, nonResourceURLs: [String]
    public let resources: [Resources]
    public let omitStages: Set<AuditStage>
    public let omitManagedFields: Bool?

    public struct Resources: Sendable {
        public let group: String
        public let resources, resourceNames: [String]
    }
}

/// An audit policy (`audit.k8s.io`, kind `Policy`), read as the API server reads it.
public struct AuditPolicy: Sendable {
    public let root: Value
    public let rules: [AuditRule]
    public let omitStages: Set<AuditStage>
    public let omitManagedFields: Bool
    /// Why the API server would not start with this policy; whatever it runs with is another one then.
    public let refusals: [Refusal]

    public struct Refusal: Sendable {
        public let place: Value
        public let message: String
    }

    /// What the API server does with a request that no rule matches.
    static let defaultLevel = AuditLevel.none

    /// The first rule that matches decides.
    public func decide(_ request: AuditRequest) -> AuditDecision {
        guard let index = rules.firstIndex(where: { $0.matches(request) }) else {
            return AuditDecision(level: Self.defaultLevel, omitted: omitStages, omitsManagedFields: omitManagedFields, rule: nil)
        }
        let rule = rules[index]
        return AuditDecision(
            level: rule.level, omitted: omitStages.union(rule.omitStages), omitsManagedFields: rule.omitManagedFields ?? omitManagedFields,
            rule: index)
    }
}

/// The rules of matching are those of `k8s.io/apiserver/pkg/audit/policy/checker.go`; a test compares them with a real API server.
extension AuditRule {
    public func matches(_ request: AuditRequest) -> Bool {
        if !users.isEmpty { guard let user = request.user, users.contains(user) else { return false } }
        if !userGroups.isEmpty { guard request.user != nil, request.groups.contains(where: userGroups.contains) else { return false } }
        if !verbs.isEmpty, !verbs.contains(request.verb) { return false }
        // A rule that names both kinds is refused; were it not, resources would win.
        if !namespaces.isEmpty || !resources.isEmpty {
            guard let resource = request.resource else { return false }
            return matches(resource)
        }
        if !nonResourceURLs.isEmpty { return request.resource == nil && nonResourceURLs.contains { Self.url($0, matches: request.path) } }
        return true
    }

    private func matches(_ resource: AuditRequest.Resource) -> Bool {
        // What has no namespace has the empty one.
        if !namespaces.isEmpty, !namespaces.contains(resource.namespace) { return false }
        return resources.isEmpty || resources.contains { $0.matches(resource) }
    }

    private static func url(_ pattern: String, matches path: String) -> Bool {
        if pattern == "*" || pattern == path { return true }
        guard pattern.utf8.last == UInt8(ascii: "*") else { return false }
        return path.hasPrefix(String(pattern.prefix(upTo: pattern.lastIndex { $0 != "*" }.map(pattern.index(after:)) ?? pattern.startIndex)))
    }
}

extension AuditRule.Resources {
    /// Without a list of resources all of the group are meant, whatever names stand beside it. There is no `*` for groups.
    func matches(_ asked: AuditRequest.Resource) -> Bool {
        guard group == asked.group else { return false }
        if resources.isEmpty { return true }
        guard resourceNames.isEmpty || resourceNames.contains(asked.object) else { return false }
        return resources.contains { Self.pattern($0, matches: asked) }
    }

    /// Whether it is about such a resource, under some name.
    func concerns(_ asked: AuditRequest.Resource) -> Bool {
        group == asked.group && (resources.isEmpty || resources.contains { Self.pattern($0, matches: asked) })
    }

    private static func pattern(_ pattern: String, matches asked: AuditRequest.Resource) -> Bool {
        if pattern == "*" || pattern == asked.text { return true }
        if !asked.subresource.isEmpty, pattern.hasPrefix("*/"), pattern.dropFirst(2) == asked.subresource { return true }
        // `pods/*` is the Pods themselves too.
        return pattern.hasSuffix("/*") && pattern.dropLast(2) == asked.name
    }
}
