public import Documents

/// What the API server itself creates at its start: roles, their rules and their bindings.
///
/// A customer cannot be told to remove them, since the API server restores them. Yet neither a name nor the
/// label `kubernetes.io/bootstrapping` proves anything, as both can be written by anyone. So the unit is the
/// rule: one rule in a role of a default's name that is exactly a rule of that default is the API server's
/// own; every other rule in the same role is judged. Bindings likewise, subject by subject.
public enum BootstrapRoles {
    /// `ClusterRole cluster-admin = *:*:*:`
    private static let facts: (roles: Set<String>, rules: Set<String>) = read([bootstrapRoleTable, bootstrapControllerTable])
    /// What an older API server has in a role of today.
    private static let former = read([bootstrapFormerRuleTable]).rules
    private static let bindings = Set(bootstrapBindingTable.split(separator: "\n").map(String.init))
    /// `ClusterRoleBinding cluster-admin = ClusterRole cluster-admin`
    private static let bindingHeads = Set(bindings.map { String($0.split(separator: " < ", maxSplits: 1)[0]) })

    /// Roles whose rules the API server gathers from others.
    static let aggregated = [
        "ClusterRole admin": [
            "ClusterRole system:aggregate-to-admin", "ClusterRole system:aggregate-to-edit", "ClusterRole system:aggregate-to-view",
        ],
        "ClusterRole edit": ["ClusterRole system:aggregate-to-edit", "ClusterRole system:aggregate-to-view"],
        "ClusterRole view": ["ClusterRole system:aggregate-to-view"],
    ]

    /// Whether the API server creates a role of this name.
    public static func contains(_ role: AccessIndex.Name) -> Bool { facts.roles.contains(key(role.kind, role.namespace, role.name)) }

    /// Whether this rule stands in the same role of a fresh API server, of the newest version or an older one.
    public static func holds(_ rule: PolicyRule, in role: KubernetesObject) throws(WrongType) -> Bool {
        let key = key(role.kind, role.namespace, role.name)
        guard facts.roles.contains(key) else { return false }
        let text = try canonicalText(rule)
        return (aggregated[key] ?? [key]).contains { facts.rules.contains("\($0) = \(text)") || former.contains("\($0) = \(text)") }
    }

    /// Whether the API server may create a binding of this name; a cheap question before `holds`.
    public static func mayHold(_ binding: KubernetesObject) -> Bool {
        binding.name.utf8.starts(with: "system:".utf8) || binding.name == "cluster-admin"
    }

    /// Whether the API server creates a binding of this kind, namespace and name of the same role.
    public static func containsBinding(of binding: KubernetesObject) -> Bool {
        guard mayHold(binding), let role = try? RoleReference(of: binding).role else { return false }
        return bindingHeads.contains("\(key(binding.kind, binding.namespace, binding.name)) = \(role.kind) \(role.name)")
    }

    /// Whether this subject is bound to the same role by the same binding in a fresh API server.
    public static func holds(_ subject: BindingSubject, in binding: KubernetesObject) throws(WrongType) -> Bool {
        try holds(subject: subject.displayName, in: binding)
    }

    /// - Parameter subject: `Group system:masters`, `ServiceAccount kube-system/cronjob-controller`.
    public static func holds(subject: String, in binding: KubernetesObject) throws(WrongType) -> Bool {
        guard mayHold(binding) else { return false }
        let role = try RoleReference(of: binding).role
        return bindings.contains("\(key(binding.kind, binding.namespace, binding.name)) = \(role.kind) \(role.name) < \(subject)")
    }

    static func key(_ kind: String, _ namespace: String, _ name: String) -> String {
        "\(kind) \(namespace.isEmpty ? "" : namespace + "/")\(name)"
    }

    /// The rule as the table writes it; order of items means nothing.
    private static func canonicalText(_ rule: PolicyRule) throws(WrongType) -> String {
        func list(_ list: Value) throws(WrongType) -> String { try list.strings().sorted().joined(separator: ",") }
        let urls = try list(rule.nonResourceURLs)
        if !urls.isEmpty { return "url:\(urls):\(try list(rule.verbs))" }
        return [try list(rule.apiGroups), try list(rule.resources), try list(rule.verbs), try list(rule.resourceNames)].joined(separator: ":")
    }

    private static func read(_ tables: [String]) -> (roles: Set<String>, rules: Set<String>) {
        var roles: Set<String> = []
        var rules: Set<String> = []
        for table in tables {
            var role = ""
            for line in table.split(separator: "\n") {
                if line.utf8.starts(with: "= ".utf8) {
                    role = String(line.dropFirst(2))
                    roles.insert(role)
                } else {
                    rules.insert("\(role) = \(line)")
                }
            }
        }
        return (roles, rules)
    }
}
