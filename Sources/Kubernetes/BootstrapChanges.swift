public import Documents

/// What somebody changed in the API server's own roles and bindings. Rules are compared by what they allow, not by how they are
/// written: another version may split a rule or put its items in another order.
extension BootstrapRoles {
    /// The default roles and bindings as objects, by kind, namespace and name.
    private static let defaults: [AccessIndex.Name: KubernetesObject] = Dictionary(
        objects.map { (AccessIndex.Name(kind: $0.kind, namespace: $0.namespace, name: $0.name), $0) }, uniquingKeysWith: { first, _ in first })

    /// The rules of a default role, those it gathers included. Empty for other roles.
    private static func rules(of role: KubernetesObject) -> [PolicyRule] {
        let key = key(role.kind, role.namespace, role.name)
        let names = aggregated[key]?.map { String($0.dropFirst("ClusterRole ".count)) } ?? [role.name]
        return names.flatMap { name in
            (try? defaults[AccessIndex.Name(kind: role.kind, namespace: role.namespace, name: name)]?.policyRules()) ?? []
        }
    }

    /// Whether a rule of a default role allows no more than the same role of a fresh API server.
    /// - Returns: true for roles that are no default ones.
    public static func covers(_ rule: PolicyRule, in role: KubernetesObject) throws(WrongType) -> Bool {
        guard contains(AccessIndex.Name(kind: role.kind, namespace: role.namespace, name: role.name)) else { return true }
        if try holds(rule, in: role) { return true }
        return try covers(rule, by: rules(of: role))
    }

    /// Whether a default role gathers other roles by just the labels by which it does so in a fresh API server.
    public static func gathersAsDefault(_ role: KubernetesObject) throws(WrongType) -> Bool {
        let name = AccessIndex.Name(kind: role.kind, namespace: role.namespace, name: role.name)
        guard let expected = defaults[name] else { return false }
        return try selectors(of: role) == selectors(of: expected)
    }

    private static func selectors(of role: KubernetesObject) throws(WrongType) -> [LabelSelector] {
        var selectors: [LabelSelector] = []
        for node in try role.root["aggregationRule"]["clusterRoleSelectors"].items() { selectors.append(try LabelSelector(node)) }
        return selectors
    }

    /// The rules of a default role that one of its name lacks, as the API server has them.
    public static func missingRules(of role: KubernetesObject) throws(WrongType) -> [PolicyRule] {
        let written = try role.policyRules()
        var missing: [PolicyRule] = []
        for rule in rules(of: role) where try !covers(rule, by: written) { missing.append(rule) }
        return missing
    }

    /// The subjects of a default binding that one of its name lacks.
    public static func missingSubjects(of binding: KubernetesObject) throws(WrongType) -> [BindingSubject] {
        let name = AccessIndex.Name(kind: binding.kind, namespace: binding.namespace, name: binding.name)
        guard let expected = defaults[name] else { return [] }
        let written = Set(try binding.bindingSubjects().map(\.name))
        return try expected.bindingSubjects().filter { !written.contains($0.name) }
    }

    /// Rules with more combinations than this are no rule of a default role.
    private static let limit = 20_000

    /// Whether some of the rules together allow all that one allows, a combination of its items at a time.
    private static func covers(_ rule: PolicyRule, by others: [PolicyRule]) throws(WrongType) -> Bool {
        let verbs = try rule.verbs.strings()
        let urls = try rule.nonResourceURLs.strings()
        let (groups, resources, names) = (try rule.apiGroups.strings(), try rule.resources.strings(), try rule.resourceNames.strings())
        let count = [verbs.count, max(groups.count, 1), max(resources.count, 1), max(names.count, 1), max(urls.count, 1)]
            .reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? Int.max : $0 * $1 }
        guard count <= limit else { return false }
        let lists = try others.map { other throws(WrongType) in try Lists(other) }
        for verb in verbs {
            for url in urls where !lists.contains(where: { $0.has(verb, in: $0.verbs) && $0.hasURL(url) }) { return false }
            for group in groups {
                for resource in resources {
                    for name in names.isEmpty ? [nil] : names.map(Optional.some) {
                        guard lists.contains(where: { $0.allows(verb, group, resource, name) }) else { return false }
                    }
                }
            }
        }
        return true
    }

    private struct Lists {
        let verbs: Set<String>
        private let groups: Set<String>
        private let resources: Set<String>
        private let names: Set<String>
        private let urls: Set<String>

        init(_ rule: PolicyRule) throws(WrongType) {
            verbs = Set(try rule.verbs.strings())
            groups = Set(try rule.apiGroups.strings())
            resources = Set(try rule.resources.strings())
            names = Set(try rule.resourceNames.strings())
            urls = Set(try rule.nonResourceURLs.strings())
        }

        func has(_ item: String, in set: Set<String>) -> Bool { set.contains("*") || set.contains(item) }

        func hasURL(_ url: String) -> Bool {
            urls.contains(url) || urls.contains { $0.hasSuffix("*") && url.utf8.starts(with: $0.dropLast().utf8) }
        }

        /// - Parameter name: nil for every name.
        func allows(_ verb: String, _ group: String, _ resource: String, _ name: String?) -> Bool {
            guard has(verb, in: verbs), has(group, in: groups) else { return false }
            let below = resource.firstIndex(of: "/").map { "*\(resource[$0...])" }
            guard has(resource, in: resources) || below.map(resources.contains) ?? false else { return false }
            return names.isEmpty || name.map(names.contains) ?? false
        }
    }
}

extension KubernetesObject {
    /// The API server writes its default roles and bindings anew when it starts, unless they say not to.
    public var isKeptFromUpdates: Bool {
        get throws(WrongType) { try annotations["rbac.authorization.kubernetes.io/autoupdate"].equals("false") }
    }
}
