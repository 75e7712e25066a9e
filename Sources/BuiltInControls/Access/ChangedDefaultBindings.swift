import Controls
import Documents
import Kubernetes

extension Control {
    /// A subject added to a binding of the API server hides among its components, and the API server leaves it there.
    ///
    /// Fields: `subjects` of bindings called like those the API server makes. Allowed: those it names itself.
    static let changedDefaultBindings = Control(
        id: "changed-default-bindings",
        title: "Add nobody to the bindings that the API server makes",
        severity: .high,
        duty: "C7",
        summary: "The subject has the rights of a component of the platform, where nobody looks for it.",
        remedy: "Take the subject out and bind a role with what it needs.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1098.006")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "system:kube-scheduler"}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:kube-scheduler"}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:kube-scheduler"}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "system:kube-scheduler"}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:kube-scheduler"}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:kube-scheduler"}
            - {kind: ServiceAccount, namespace: shop, name: scheduler} # ✗
            """
        ],
        check: .objects(Check.bindingKinds) { binding, report throws(WrongType) in
            guard binding.isRBAC, BootstrapRoles.containsBinding(of: binding) else { return report.notApplicable() }
            for node in try binding.root["subjects"].items() {
                let subject = try BindingSubject(node, in: binding)
                if try BootstrapRoles.holds(subject, in: binding) { continue }
                try report.fail(subject, in: binding, "\(subject.displayName) was added to \(binding.displayName), which the API server makes")
            }
        })
}
