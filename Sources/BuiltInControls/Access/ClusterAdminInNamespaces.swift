import Controls
import Documents
import Kubernetes

extension Control {
    /// A RoleBinding to cluster-admin, or to a role that allows the same, gives everything in its namespace, also its roles, its quotas and its
    /// policies, which `admin` leaves to the platform.
    ///
    /// Fields: `roleRef` and `subjects` of RoleBindings. Allowed: other roles.
    static let clusterAdminInNamespaces = Control(
        id: "cluster-admin-in-namespaces",
        title: "Do not bind cluster-admin in namespaces",
        severity: .high,
        duty: "C3",
        summary: "Its subjects change also the quotas, policies and roles that the platform set for the namespace.",
        remedy: "Bind `edit`, or `admin` at most.",
        references: [.cis("5.1.1"), .nsa("role-based access control"), .ackPolicy("ACKRestrictRoleBindings")],
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
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: "give", namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: cluster-admin
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"} # ✗
            """
        ],
        check: .subjects(["RoleBinding"], knowingRules: true) { subject, binding, report throws(WrongType) in
            guard try report.isAdministrative(binding) else { return }
            try report.fail(subject, in: binding, "\(subject.displayName) may do everything in namespace '\(binding.namespace)'")
        })
}
