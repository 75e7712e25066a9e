import Controls
import Documents
import Kubernetes

extension Control {
    /// Whoever is bound to cluster-admin, or to a role that allows the same, owns the cluster with all its tenants.
    ///
    /// Fields: `roleRef` and `subjects` of ClusterRoleBindings. Allowed: the API server's own binding of `system:masters`.
    static let clusterAdminBindings = Control(
        id: "cluster-admin-bindings",
        title: "Bind cluster-admin only where it is needed",
        severity: .critical,
        duty: "C3",
        summary: "Each subject bound to cluster-admin owns every application and every Secret of the cluster.",
        remedy: "Bind a role with the rights that are used, in the namespaces where they are used.",
        references: [
            .cis("5.1.1"), .nsa("role-based access control"), .ackPolicy("ACKRestrictRoleBindings"), Reference("mitre-attack", "T1098.006"),
        ],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "jane"}
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "cluster-admin"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: cluster-admin
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:masters"}
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
              name: cluster-admin
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "jane"} # ✗
            - {kind: ServiceAccount, namespace: ci, name: deployer} # ✗
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: operator
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: operator} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - apiGroups: ["*"]
              resources:
              - "*"
              verbs:
              - "*"
            """,
        ],
        check: .subjects(["ClusterRoleBinding"], knowingRules: true) { subject, binding, report throws(WrongType) in
            guard try report.isAdministrative(binding) else { return }
            try report.fail(subject, in: binding, "\(subject.displayName) is made administrator of the cluster")
        })
}
