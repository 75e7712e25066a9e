public import Kubernetes

/// Which bindings give a subject nothing that another binding does not give it.
public final class RepeatedBindings: EstateAnalysis {
    private struct Held: Hashable {
        let subject: Int32
        let role: Int
        /// Empty for the whole cluster.
        let namespace: String
    }

    private let policy: AccessPolicy
    /// The first binding that gives a subject a role somewhere.
    private let first: [Held: Int]
    /// The first binding that gives a subject every right in the whole cluster.
    private let administrators: [Int32: Int]

    public init(of inventory: Inventory) {
        let policy = inventory.analysis(AccessPolicy.self)
        var first: [Held: Int] = [:]
        var administrators: [Int32: Int] = [:]
        let isFull = policy.roles.map { role in role.rules.contains { $0.allowsEverything } }
        for (index, binding) in policy.bindings.enumerated() {
            guard let role = binding.role else { continue }
            for subject in binding.subjects {
                let held = Held(subject: subject, role: role, namespace: binding.namespace)
                if first[held] == nil { first[held] = index }
                if binding.namespace.isEmpty, isFull[role], administrators[subject] == nil { administrators[subject] = index }
            }
        }
        self.policy = policy
        self.first = first
        self.administrators = administrators
    }

    /// The binding by which a subject has already what another one gives it; nil when that one adds something.
    public func binding(that binding: Int, repeatsFor subject: Int) -> Int? {
        let given = policy.bindings[binding]
        guard let role = given.role else { return nil }
        // Those it is a member of by itself, so that nobody can take it out of them.
        let holders = [policy.subjects[subject]] + policy.subjects[subject].impliedGroups.map(AccessSubject.group)
        for holder in holders.compactMap({ policy.subject($0).map { Int32($0) } }) {
            if let wide = first[Held(subject: holder, role: role, namespace: "")], wide != binding, !given.namespace.isEmpty || wide < binding {
                return wide
            }
            if let same = first[Held(subject: holder, role: role, namespace: given.namespace)], same < binding { return same }
            if let admin = administrators[holder], admin != binding, !isAdministrative(role, given) || admin < binding { return admin }
        }
        return nil
    }

    private func isAdministrative(_ role: Int, _ binding: AccessBinding) -> Bool {
        binding.namespace.isEmpty && policy.roles[role].rules.contains { $0.allowsEverything }
    }
}

extension EffectiveRule {
    /// Every verb on every resource of every group.
    var allowsEverything: Bool {
        guard (try? rule.isAdministrative) ?? false else { return false }
        return (try? rule.holdsWildcard(rule.apiGroups)) ?? false
    }
}
