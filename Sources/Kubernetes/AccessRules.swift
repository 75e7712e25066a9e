public import Documents

/// The group of Roles and their bindings. Other groups have kinds of the same name.
public let rbacGroup = "rbac.authorization.k8s.io"

/// A resource of the API as access rules name it.
public struct APIResource: Sendable, Hashable {
    /// Empty for the core group.
    public let group: String
    /// `pods`, or with a subresource `pods/exec`.
    public let path: String
    /// `exec`, empty for the resource itself.
    public let subresource: String
    /// Requests for it carry no namespace, so a RoleBinding never allows them. `namespaces` is not among
    /// them: a request for one namespace carries that namespace.
    public let isClusterScoped: Bool

    public init(_ group: String, _ path: String, clusterScoped: Bool = false) {
        self.group = group
        self.path = path
        let slash = path.utf8.firstIndex(of: UInt8(ascii: "/"))
        subresource = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? ""
        isClusterScoped = clusterScoped
    }
}

/// One rule of a Role or ClusterRole, read as the RBAC authorizer reads it.
///
/// `*` stands for everything only when it is the whole item, or `*/` before a subresource. `pods/*` is the
/// name of a resource that does not exist, so it gives nothing.
/// Source: kubernetes `pkg/apis/rbac/v1/evaluation_helpers.go`.
public struct PolicyRule: Sendable {
    public let node: Value

    /// - Throws: `WrongType` when the rule is no mapping.
    public init(_ node: Value) throws(WrongType) {
        _ = try node.entries()
        self.node = node
    }

    public var verbs: Value { node["verbs"] }
    public var apiGroups: Value { node["apiGroups"] }
    public var resources: Value { node["resources"] }
    public var resourceNames: Value { node["resourceNames"] }
    public var nonResourceURLs: Value { node["nonResourceURLs"] }

    /// Whether a request is allowed by this rule.
    ///
    /// - Parameter name: the object's name. Empty for `create` and `deletecollection`, and for `list` and
    ///   `watch` without the field selector `metadata.name`: rules with names never allow those.
    public func allows(_ verb: String, _ resource: APIResource, name: String = "") throws(WrongType) -> Bool {
        guard try coversName(name) else { return false }
        return try covers(verb, resource)
    }

    /// Whether this rule is about a verb and a resource, whatever names it is restricted to.
    public func covers(_ verb: String, _ resource: APIResource) throws(WrongType) -> Bool {
        guard try allowsVerb(verb), try coversGroup(resource.group) else { return false }
        for item in try resources.items() where try PolicyRule.item(item, covers: resource) { return true }
        return false
    }

    /// Whether a request for a path outside the API's resources (`/metrics`) is allowed by this rule.
    public func allows(_ verb: String, url: String) throws(WrongType) -> Bool {
        guard try allowsVerb(verb) else { return false }
        for item in try nonResourceURLs.items() {
            guard item.exists else { continue }
            _ = try item.string()
            if item.withText({ PolicyRule.pattern($0, matches: url) }) { return true }
        }
        return false
    }

    /// `*` stands for every path, and at the end of a pattern for every rest. Compared by bytes, as the API server does.
    private static func pattern(_ pattern: UnsafeBufferPointer<UInt8>, matches url: String) -> Bool {
        if pattern.elementsEqual(url.utf8) { return true }
        guard pattern.last == UInt8(ascii: "*") else { return false }
        let end = pattern.lastIndex { $0 != UInt8(ascii: "*") }.map { $0 + 1 } ?? 0
        return url.utf8.starts(with: pattern[..<end])
    }

    public func allowsVerb(_ verb: String) throws(WrongType) -> Bool {
        for item in try verbs.items() where try PolicyRule.item(item, isOneOf: "*", verb) { return true }
        return false
    }

    public func coversGroup(_ group: String) throws(WrongType) -> Bool {
        for item in try apiGroups.items() where try PolicyRule.item(item, isOneOf: "*", group) { return true }
        return false
    }

    /// A rule without names covers every name, also the missing one of a collection.
    public func coversName(_ name: String) throws(WrongType) -> Bool {
        var isRestricted = false
        for item in try resourceNames.items() {
            if try item.isText(name) { return true }
            isRestricted = true
        }
        return !isRestricted
    }

    public var hasResourceNames: Bool {
        get throws(WrongType) { !(try resourceNames.items().isEmpty) }
    }

    /// Every verb on every resource of all groups or of the core group, where Secrets, Pods, nodes and service
    /// account tokens are: whoever has that in a whole cluster is its administrator.
    public var isAdministrative: Bool {
        get throws(WrongType) {
            guard try holdsWildcard(resources), try holdsWildcard(verbs), try coversGroup("") else { return false }
            return !(try hasResourceNames)
        }
    }

    public func holdsWildcard(_ list: Value) throws(WrongType) -> Bool {
        for item in try list.items() where try item.equals("*") { return true }
        return false
    }

    /// Whether one item of `resources` covers a resource.
    public static func item(_ item: Value, covers resource: APIResource) throws(WrongType) -> Bool {
        if try PolicyRule.item(item, isOneOf: "*", resource.path) { return true }
        guard !resource.subresource.isEmpty else { return false }
        return item.withText { text in
            text.count == resource.subresource.utf8.count + 2 && text.starts(with: "*/".utf8)
                && text.dropFirst(2).elementsEqual(resource.subresource.utf8)
        }
    }

    private static func item(_ item: Value, isOneOf wildcard: StaticString, _ text: String) throws(WrongType) -> Bool {
        if try item.equals(wildcard) { return true }
        return try item.isText(text)
    }
}

extension Value {
    /// Whether the string here is `expected`; null counts as the empty string, as Kubernetes decodes it in a
    /// list of strings. Costs no allocation.
    /// - Throws: `WrongType` when something else than a string is here.
    public func isText(_ expected: String) throws(WrongType) -> Bool {
        guard exists else { return expected.isEmpty }
        guard kind == .string else { throw WrongType(value: self, expected: "a string") }
        return withText { text in
            guard text.count == expected.utf8.count else { return false }
            return expected.utf8.withContiguousStorageIfAvailable { text.elementsEqual($0) } ?? text.elementsEqual(expected.utf8)
        }
    }
}

extension KubernetesObject {
    /// Whether this is an object of RBAC, not a kind of the same name from another group.
    public var isRBAC: Bool {
        apiVersion == "rbac.authorization.k8s.io/v1" || apiVersion.utf8.starts(with: "rbac.authorization.k8s.io/".utf8)
    }

    /// The rules of a Role or ClusterRole.
    public func policyRules() throws(WrongType) -> [PolicyRule] {
        var rules: [PolicyRule] = []
        for node in try root["rules"].items() { rules.append(try PolicyRule(node)) }
        return rules
    }
}
