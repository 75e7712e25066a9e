import Controls

extension Control {
    /// The API server puts every identity into groups such as `system:authenticated`, and every request without one into
    /// `system:unauthenticated`. What a binding gives these has everyone, the least of the applications too.
    ///
    /// Fields: `subjects` of bindings with all that their role leads to. Allowed: rights of these groups that lead nowhere.
    static let escalationForEveryone = Control(
        id: "escalation-for-everyone",
        title: "Give everyone no way to control of the cluster",
        severity: .critical,
        duty: "P2c",
        summary: "Any credentials, or none at all, are enough to take over the cluster.",
        remedy: "Bind the group of people or the service accounts that are meant.",
        references: [.cis("5.1.1"), .nsa("role-based access control"), Reference("mitre-attack", "T1078")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: everyone}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: everyone, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"} # ✗
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: operator}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: operator}
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: accounts}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: deployer}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:shop"} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: deployer}
            rules:
            - {apiGroups: [""], resources: [pods], verbs: [create]}
            """,
        ],
        check: .ways(.everyone))
}
