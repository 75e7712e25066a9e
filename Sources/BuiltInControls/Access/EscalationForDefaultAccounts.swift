import Controls

extension Control {
    /// Every Pod that names no service account runs as `default` and mounts its token. Rights of it that lead to control of the cluster
    /// are a hole in each such Pod, those deployed later too.
    ///
    /// Fields: `subjects` of bindings with all that their role leads to. Allowed: other subjects.
    static let escalationForDefaultAccounts = Control(
        id: "escalation-for-default-accounts",
        title: "Give default service accounts no way to control of the cluster",
        severity: .critical,
        duty: "C3",
        summary: "Every Pod of the namespace that names no service account holds a token that leads to control of the cluster.",
        remedy: "Make a service account for the program and bind that.",
        references: [.cis("5.1.5"), .nsa("role-based access control"), Reference("mitre-attack", "T1078.001")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: web, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: default}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: web, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: default} # ✗
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
            """
        ],
        check: .ways(.defaultAccounts))
}
