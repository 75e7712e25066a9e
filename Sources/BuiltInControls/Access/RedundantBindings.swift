import Access
import Controls
import Documents
import Kubernetes

extension Control {
    /// A binding that gives what its subject has already hides from whoever takes the other one away: the right stays.
    ///
    /// Fields: `roleRef` and `subjects` of bindings. Allowed: one binding of a role to a subject where it is needed.
    static let redundantBindings = Control(
        id: "redundant-bindings",
        title: "Give nobody the same rights twice",
        severity: .low,
        duty: "C3",
        summary: "The subject keeps the right when somebody takes away the binding that seems to give it.",
        remedy: "Remove the binding, or the subject from it.",
        references: [.nsa("role-based access control")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: bank}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: readers}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: audit}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: readers, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team} # ✗
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: operator}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: operator}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: operator, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: operator} # ✗
            """,
        ],
        check: .objects(Check.bindingKinds) { object, report throws(WrongType) in
            guard object.isRBAC else { return report.notApplicable() }
            let nodes = try object.root["subjects"].items()
            let policy = report.inventory.analysis(AccessPolicy.self)
            guard let binding = policy.binding(ofObject: report.object) else { return report.notApplicable() }
            let repeated = report.inventory.analysis(RepeatedBindings.self)
            for (node, subject) in zip(nodes, policy.bindings[binding].subjects) {
                let item = try BindingSubject(node, in: object)
                if try BootstrapRoles.holds(item, in: object) { continue }
                guard let other = repeated.binding(that: binding, repeatsFor: Int(subject)) else { continue }
                let name = policy.object(policy.bindings[other].origin).displayName
                try report.fail(item, in: object, "\(policy.subjects[Int(subject)]) has all of this by \(name) already")
            }
        })
}
