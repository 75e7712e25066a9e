import Kubernetes

/// A rule of a suggested role.
public struct SuggestedRule: Hashable, Sendable {
    public var apiGroups: [String] = []
    public var resources: [String] = []
    public var verbs: [String]
    public var resourceNames: [String] = []
    public var nonResourceURLs: [String] = []
}

/// A role that allows what was used, and who is bound to it.
public struct SuggestedRole: Sendable {
    /// Empty for a ClusterRole with a ClusterRoleBinding.
    public let namespace: String
    /// Of the role and of its binding.
    public let name: String
    public let rules: [SuggestedRule]
    /// Indexes of those who used it.
    public let subjects: [Int]
}

/// What follows for a binding from its use.
public enum Suggestion: Sendable {
    /// It gives just what was used.
    case keep
    /// Nothing of it was used.
    case remove
    /// All of it was used, but by these subjects alone.
    case keepSubjects([Int])
    /// These instead; two or three when a ClusterRoleBinding was used in as many namespaces only.
    case narrow([SuggestedRole])
    /// It was used for more different things than can be told apart.
    case countless
}

extension AccessUsage {
    /// How much of each rule of a binding was used.
    /// - Parameter subject: by this one alone; nil for all.
    public func rules(of binding: Int, by subject: Int? = nil) -> [RuleUsage] {
        guard let role = policy.bindings[binding].role else { return [] }
        let uses = AccessUsage.together(uses(of: binding).filter { subject == nil || $0.subject == subject })
        return policy.roles[role].rules.enumerated().map { RuleUsage($1, at: $0, uses: uses) }
    }

    public func suggestion(for binding: Int, names: inout SuggestedNames) -> Suggestion {
        let granted = policy.bindings[binding]
        guard let role = granted.role else { return .keep }
        let used = uses(of: binding)
        guard !used.contains(where: \.isCountless) else { return .countless }
        let kept = unobservable(of: binding, role)
        guard !used.isEmpty || !kept.isEmpty && !granted.subjects.isEmpty else { return .remove }
        let subjects = used.isEmpty ? Set(granted.subjects).map { Int($0) }.sorted() : used.map(\.subject)
        if granted.namespace.isEmpty, kept.isEmpty, let namespaces = AccessUsage.namespaces(of: used) {
            return .narrow(
                namespaces.map { namespace in
                    let there = used.filter { $0.uses.keys.contains { $0.namespace == namespace } }
                    let uses = AccessUsage.together(there).filter { $0.key.namespace == namespace }
                    return SuggestedRole(
                        namespace: namespace, name: names.new(granted.name, in: namespace), rules: RuleBuilder(uses, of: policy.roles[role]).rules,
                        subjects: there.map(\.subject))
                })
        }
        let uses = AccessUsage.together(used)
        var builder = RuleBuilder(uses, of: policy.roles[role])
        for (rule, permissions) in kept { builder.keep(permissions, of: policy.roles[role].rules[rule]) }
        if builder.holdsAll(of: policy.roles[role], namespaced: !granted.namespace.isEmpty) {
            return subjects.count == Set(granted.subjects).count ? .keep : .keepSubjects(subjects)
        }
        let name = names.new(granted.name, in: granted.namespace)
        return .narrow([SuggestedRole(namespace: granted.namespace, name: name, rules: builder.rules, subjects: subjects)])
    }

    /// What of a binding cannot be seen in a log, by rule.
    private func unobservable(of binding: Int, _ role: Int) -> [(rule: Int, Permissions)] {
        rules(of: binding).flatMap { rule in rule.unobservable.map { (rule.rule, $0) } }
    }

    /// The namespaces of a ClusterRoleBinding when they are few and nothing was done outside them.
    private static func namespaces(of used: [SubjectUse]) -> [String]? {
        var all: Set<String> = []
        for use in used {
            guard let namespaces = use.namespaces, !use.uses.keys.contains(where: \.namespace.isEmpty) else { return nil }
            all.formUnion(namespaces)
        }
        return all.isEmpty || all.count > SubjectUse.fewNamespaces ? nil : all.sorted()
    }

    private static func together(_ used: [SubjectUse]) -> [AccessUse: UseTally] {
        if used.count == 1 { return used[0].uses }
        // What one did in few namespaces and another in many is told apart for neither.
        let isFolded = used.contains { $0.namespaces == nil }
        return used.reduce(into: [:]) { all, one in
            for (use, tally) in one.uses { all[isFolded ? use.anywhere : use, default: UseTally()].add(tally) }
        }
    }
}

/// Names for suggested roles that nothing in the estate has.
public struct SuggestedNames {
    private var taken: Set<AccessIndex.Name>

    public init(_ policy: AccessPolicy) {
        taken = Set(policy.roles.map { .init(kind: "", namespace: $0.name.namespace, name: $0.name.name) })
        taken.formUnion(policy.bindings.map { .init(kind: "", namespace: $0.namespace, name: $0.name) })
    }

    mutating func new(_ name: String, in namespace: String) -> String {
        var number = 1
        while true {
            let candidate = "\(name)-used\(number == 1 ? "" : "-\(number)")"
            if taken.insert(.init(kind: "", namespace: namespace, name: candidate)).inserted { return candidate }
            number += 1
        }
    }
}
