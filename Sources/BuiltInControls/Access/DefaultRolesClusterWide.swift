import Controls
import Documents
import Kubernetes

extension Control {
    /// `admin` and `edit` are made for one namespace. Bound in the whole cluster they read every Secret and run Pods as every
    /// service account, those of kube-system included.
    ///
    /// Fields: `roleRef` and `subjects` of ClusterRoleBindings. Allowed: in RoleBindings.
    static let defaultRolesClusterWide = Control(
        id: "default-roles-cluster-wide",
        title: "Bind admin and edit in namespaces only",
        severity: .high,
        duty: "C3",
        summary: "Bound cluster-wide, admin and edit reach kube-system and with it the cluster.",
        remedy: "Use a RoleBinding in each namespace.",
        references: [.nsa("role-based access control"), .ackPolicy("ACKRestrictRoleBindings"), Reference("mitre-attack", "T1098.006")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: "give", namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: edit
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: edit
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"} # ✗
            """
        ],
        check: .subjects(["ClusterRoleBinding"]) { subject, binding, report throws(WrongType) in
            let role = try RoleReference(of: binding).role
            guard role.kind == "ClusterRole", role.name == "admin" || role.name == "edit" else { return }
            try report.fail(subject, in: binding, "\(subject.displayName) gets '\(role.name)' in every namespace")
        })
}
