import Controls
import Documents
import Kubernetes

extension Control {
    /// A binding to a role that does not exist gives nothing today, and whatever somebody later writes under that
    /// name.
    ///
    /// Fields: `roleRef.name`. Allowed: roles of the estate, and those the API server creates. Judged only where
    /// the estate holds roles of that kind for the namespace; without any it is not applicable.
    static let missingRoleBindings = Control(
        id: "missing-role-bindings",
        title: "Bind roles that exist",
        severity: .low,
        duty: "C3",
        summary: "Whoever creates the missing role later decides what its subjects may do.",
        remedy: "Remove the binding, or add the role.",
        references: [],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: "give", namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "jane"}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - configmaps
              verbs:
              - get
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: "give", namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: Role
              name: gone
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "jane"}
            """,
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: gone # ✗
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "jane"}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - configmaps
              verbs:
              - get
            """
        ],
        check: .objects(Check.bindingKinds) { binding, report throws(WrongType) in
            guard binding.isRBAC else { return report.notApplicable() }
            let reference = try RoleReference(of: binding)
            let role = reference.role
            if BootstrapRoles.contains(role) { return }
            guard report.inventory.access.holds(role.kind, in: role.namespace) else { return report.notApplicable() }
            if try report.inventory.role(of: binding) == nil {
                report.fail(reference.node["name"], "\(binding.displayName) names \(role.kind) '\(role.name)', which does not exist")
            }
        })
}
