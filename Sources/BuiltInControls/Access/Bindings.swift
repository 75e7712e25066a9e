import Controls
import Documents
import Kubernetes

extension Check {
    /// A check of each subject of each binding. What the API server binds by itself is not applicable.
    ///
    /// - Parameter knowingRules: the check depends on what the role allows, so a binding of a role that is
    ///   not in the estate cannot be judged.
    static func subjects(
        _ kinds: [String] = bindingKinds, knowingRules: Bool = false,
        _ judge: @escaping @Sendable (BindingSubject, KubernetesObject, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .objects(kinds) { binding, report throws(WrongType) in
            guard binding.isRBAC else { return report.notApplicable() }
            if knowingRules, try report.lacksRole(of: binding) { return }
            for node in try binding.root["subjects"].items() {
                let subject = try BindingSubject(node, in: binding)
                if try BootstrapRoles.holds(subject, in: binding) {
                    report.notApplicable()
                } else {
                    try judge(subject, binding, &report)
                }
            }
        }
    }
}

extension Report {
    /// Fails at a subject; what a grant would name is the subject with the role.
    mutating func fail(
        _ subject: BindingSubject, in binding: KubernetesObject, _ message: String, fix: (@Sendable () -> String)? = nil
    ) throws(WrongType) {
        let role = try RoleReference(of: binding).role
        fail(subject.node, message, value: "\(subject.displayName) \(role.kind)/\(role.name)", fix: fix)
    }

    /// Reports as not observable a binding whose role is neither in the estate nor one of the API server's.
    mutating func lacksRole(of binding: KubernetesObject) throws(WrongType) -> Bool {
        let reference = try RoleReference(of: binding)
        guard !BootstrapRoles.contains(reference.role), try inventory.role(of: binding) == nil else { return false }
        notObservable(reference.node["name"], "\(reference.role.kind) '\(reference.role.name)' is not in the estate, so what it allows is not known")
        return true
    }

    /// Whether a binding gives everything: cluster-admin, or a role of the estate with such a rule.
    func isAdministrative(_ binding: KubernetesObject) throws(WrongType) -> Bool {
        let role = try RoleReference(of: binding).role
        if role.kind == "ClusterRole", role.name == "cluster-admin" { return true }
        guard let rules = try inventory.role(of: binding)?.policyRules() else { return false }
        for rule in rules where try rule.isAdministrative { return true }
        return false
    }

    /// Whether a binding gives rights that reach far: a default role with write access, or a role of the
    /// estate that allows everything, reads Secrets or runs code.
    func isPowerful(_ binding: KubernetesObject) throws(WrongType) -> Bool {
        if try isAdministrative(binding) { return true }
        let role = try RoleReference(of: binding).role
        if role.kind == "ClusterRole", role.name == "admin" || role.name == "edit" { return true }
        guard let rules = try inventory.role(of: binding)?.policyRules() else { return false }
        let isRole = binding.kind == "RoleBinding"
        for rule in rules {
            for power in farReaching where try power.isAllowed(by: rule, inRole: isRole) { return true }
        }
        return false
    }
}

private let farReaching: [Power] = [
    .readSecrets, .execute, .createPods, .createTokens, .escalate, .bind, .impersonate, .nodesProxy, .writeAdmission,
]
