import Documents
public import Kubernetes

/// Where an object of RBAC comes from: the estate, or the API server, which makes its own where the estate has none.
public enum AccessOrigin: Hashable, Sendable {
    /// Index into the objects of the inventory.
    case estate(Int)
    /// Index into `BootstrapRoles.objects`.
    case bootstrap(Int)
}

/// A Role or ClusterRole with the rules it really has, those gathered by aggregation included.
public struct EffectiveRole: Sendable {
    public let name: AccessIndex.Name
    public let origin: AccessOrigin
    /// The rules were gathered from other roles by labels.
    public let isAggregated: Bool
    public let rules: [EffectiveRule]

    /// The first rule that allows a request, nil when none does.
    public func rule(allowing request: AccessRequest) -> Int? { rules.firstIndex { $0.allows(request) } }
}

/// One rule that holds in a role.
public struct EffectiveRule: Sendable {
    public let rule: PolicyRule
    /// The role where the rule is written, another one than the role it holds in after aggregation.
    public let origin: AccessOrigin

    public func allows(_ request: AccessRequest) -> Bool {
        guard covers(request) else { return false }
        if case .resource(_, _, let name) = request.target { return covers(name: name) }
        return true
    }

    /// Whether the rule is about what a request asks, names of objects aside.
    func covers(_ request: AccessRequest) -> Bool {
        // Every list of the rule was read when its role was taken in, so nothing here can have the wrong type any more.
        switch request.target {
        case .resource(let resource, _, _): (try? rule.covers(request.verb, resource)) ?? false
        case .url(let url): (try? rule.allows(request.verb, url: url)) ?? false
        }
    }

    func covers(name: String) -> Bool { (try? rule.coversName(name)) ?? false }
}

/// One question to the API server.
public struct AccessRequest: Hashable, Sendable {
    public enum Target: Hashable, Sendable {
        /// - `namespace`: empty for requests that carry none, such as those for resources outside namespaces.
        /// - `name`: empty for requests about a collection, and for `create`.
        case resource(APIResource, namespace: String, name: String)
        /// A path outside the API's resources, such as `/healthz`.
        case url(String)
    }

    public let verb: String
    public let target: Target

    public init(_ verb: String, _ resource: APIResource, namespace: String = "", name: String = "") {
        self.verb = verb
        target = .resource(resource, namespace: namespace, name: name)
    }

    public init(_ verb: String, url: String) {
        self.verb = verb
        target = .url(url)
    }

    /// The namespace whose RoleBindings apply; empty when none do.
    public var namespace: String {
        if case .resource(_, let namespace, _) = target { namespace } else { "" }
    }
}

extension KubernetesObject {
    /// The labels, when all of the metadata is valid.
    /// - Throws: `WrongType` when the API server refuses the name, the namespace, a label or an annotation of this object.
    ///   Source: kubernetes `pkg/apis/rbac/validation`, which asks of names only that they can stand in a path.
    func validMetadata() throws(WrongType) -> [String: String] {
        let written = metadata["name"].exists ? metadata["name"] : metadata["generateName"]
        let isName = written.kind == .string ? written.withText(isPathSegment) : try isPathSegment(written.string() ?? "")
        guard isName else { throw WrongType(value: written, expected: "a name without '/' and '%'") }
        let isLabel = namespace.utf8.count < 64 && !namespace.utf8.contains(UInt8(ascii: ".")) && isDNSSubdomain(namespace)
        guard namespace.isEmpty || isLabel else {
            throw WrongType(value: metadata["namespace"], expected: "the name of a namespace")
        }
        return try validLabels()
    }

    /// The rules of a role, each list read in full.
    /// - Throws: `WrongType` for a role that the API server refuses, and which therefore gives nothing.
    ///   Source: kubernetes `pkg/apis/rbac/validation`.
    func validRules() throws(WrongType) -> [PolicyRule] {
        let rules = try policyRules()
        for rule in rules {
            guard !(try rule.verbs.strings().isEmpty) else { throw WrongType(value: rule.verbs, expected: "a list with at least one verb") }
            let (groups, resources) = (try rule.apiGroups.strings(), try rule.resources.strings())
            let names = try rule.resourceNames.strings()
            if try rule.nonResourceURLs.strings().isEmpty {
                guard !groups.isEmpty else { throw WrongType(value: rule.apiGroups, expected: "a list with at least one API group") }
                guard !resources.isEmpty else { throw WrongType(value: rule.resources, expected: "a list with at least one resource") }
            } else {
                guard namespace.isEmpty else { throw WrongType(value: rule.nonResourceURLs, expected: "absent in a Role") }
                guard groups.isEmpty, resources.isEmpty, names.isEmpty else {
                    throw WrongType(value: rule.nonResourceURLs, expected: "alone in its rule, without groups, resources and names")
                }
            }
        }
        return rules
    }
}

/// Whether a text can be the name of a role or binding.
func isPathSegment(_ name: String) -> Bool { isPathSegment(name.utf8) }

private func isPathSegment(_ name: some Collection<UInt8>) -> Bool {
    !name.isEmpty && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
        && !name.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") }
}
