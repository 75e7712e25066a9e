import Controls

extension Control {
    /// Secrets hold the tokens of service accounts, the keys of certificates and the passwords of databases. `list` and `watch` give
    /// their content as `get` does.
    ///
    /// Fields: `rules` of ClusterRoles, unless the estate binds them by RoleBindings only.
    /// Allowed: in single namespaces (see `read-secrets-in-namespaces`), and with `resourceNames`.
    static let readSecretsClusterWide = Control(
        id: "read-secrets-cluster-wide",
        title: "Do not allow reading Secrets in the whole cluster",
        severity: .high,
        duty: "C3",
        summary: "Whoever reads all Secrets holds the credentials of every application and of many operators.",
        remedy: "Remove the rule, or name the Secrets in `resourceNames` with `get` only.",
        references: [.cis("5.1.2"), .nsa("role-based access control"), Reference("mitre-attack", "T1552.007")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: own, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - secrets
              verbs:
              - get
              resourceNames: [web-tls]
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - secrets
              verbs:
              - get
              - list
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: readers, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            """,
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - secrets # ✗
              verbs:
              - get
              - list
            """
        ],
        check: .powers(in: .cluster, .readSecrets))
}
