import Access
import Controls
import Documents
import Kubernetes

extension Control {
    /// A service account with rights in another tenant's namespaces carries them into every Pod that runs as it: one tenant's hole is then the other's.
    ///
    /// Fields: `subjects` of RoleBindings and ClusterRoleBindings (service accounts, however they are written, and the groups of a
    /// namespace's accounts) with the rules of the role, against the namespaces the binding counts in. Allowed: rights in namespaces of the
    /// same tenant, of one that `mayReach` names, of nobody, and rights to objects outside namespaces. Not applicable where the model names no
    /// tenants.
    static let tenantAccessCrossing = Control(
        id: "tenant-access-crossing",
        title: "Give no tenant rights in another's namespaces",
        severity: .high,
        duty: "A2",
        summary: "A service account of one tenant has rights in namespaces of another.",
        remedy: "Bind the role by RoleBindings in the tenant's own namespaces, or name the other tenant in `mayReach` of the model.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1078.004")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: deploy, namespace: red}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {kind: ServiceAccount, name: deployer}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: nodes}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: nodes}
            subjects:
            - {kind: ServiceAccount, namespace: red, name: scaler}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: nodes}
            rules: [{apiGroups: [""], resources: [nodes], verbs: [list]}]
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: deploy, namespace: blue}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {kind: ServiceAccount, namespace: red, name: deployer} # ✗
            - {kind: ServiceAccount, namespace: blue, name: deployer}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: look}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:red"} # ✗
            """
        ],
        check: .subjects(knowingRules: true) { subject, binding, report throws(WrongType) in
            let tenants = report.settings.tenants
            guard !tenants.isEmpty, let home = subject.home, let from = tenants.tenant(of: home) else { return report.notApplicable() }
            let into: [Int]
            if binding.kind == "RoleBinding" {
                into = tenants.tenant(of: binding.namespace).map { [$0] } ?? []
            } else {
                into = Array(tenants.all.indices)
            }
            let crossed = into.filter { !tenants.mayReach(from: from, to: $0) }
            guard !crossed.isEmpty, try report.givesRightsInNamespaces(binding) else { return }
            let role = try RoleReference(of: binding).role
            try report.fail(
                subject, in: binding,
                "\(subject.displayName) of tenant '\(tenants.all[from].name)' has the rights of \(role.kind) '\(role.name)' in namespaces of "
                    + tenants.phrase(crossed), fix: binding.without(subject))
        })
}

extension BindingSubject {
    /// The namespace that a service account, or all accounts of a group, live in; nil for people and for groups of everybody.
    fileprivate var home: String? {
        if let account = serviceAccount { return account.namespace }
        let prefix = "system:serviceaccounts:"
        guard name.kind == "Group", name.name.utf8.starts(with: prefix.utf8) else { return nil }
        return String(name.name.dropFirst(prefix.count))
    }
}

extension KubernetesObject {
    /// This binding without a subject.
    fileprivate func without(_ subject: BindingSubject) -> @Sendable () -> String {
        let place = subject.node.identity
        return { self.manifest { $0.identity == place ? .remove : nil } }
    }
}

extension Report {
    /// Whether a binding allows anything about objects in namespaces.
    fileprivate func givesRightsInNamespaces(_ binding: KubernetesObject) throws(WrongType) -> Bool {
        let policy = inventory.analysis(AccessPolicy.self)
        guard let role = policy.role(try RoleReference(of: binding).role) else { return false }
        for rule in policy.roles[role].rules where try isAboutNamespaces(rule.rule) { return true }
        return false
    }

    /// Whether a rule names a resource that is not known to lie outside namespaces.
    private func isAboutNamespaces(_ rule: PolicyRule) throws(WrongType) -> Bool {
        let table = inventory.analysis(ResourceTable.self)
        let groups = try rule.apiGroups.strings()
        for resource in try rule.resources.strings() {
            let plural = resource.prefix { $0 != "/" }
            if plural == "*" { return true }
            for group in groups {
                let known = table.resources.first { $0.plural == plural && ($0.group == group || group == "*") }
                // A right to namespaces themselves is one in each of them.
                if known?.isClusterScoped != true || plural == "namespaces" && group.isEmpty { return true }
            }
        }
        return false
    }
}
