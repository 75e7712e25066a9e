import Controls

extension Control {
    /// Secrets hold the tokens of service accounts, the keys of certificates and the passwords of databases. `list` and `watch` give
    /// their content as `get` does.
    ///
    /// Fields: `rules` of Roles, and of ClusterRoles that only RoleBindings bind.
    /// Allowed: rules with `resourceNames`.
    static let readSecretsInNamespaces = Control(
        id: "read-secrets-in-namespaces",
        title: "Allow reading Secrets only where it is needed",
        severity: .medium,
        duty: "C3",
        summary: "Whoever reads the Secrets of a namespace holds all credentials of its applications.",
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
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - secrets # ✗
              verbs:
              - get
              - list
            """,
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
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: readers, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            """,
        ],
        check: .powers(in: .namespaces, .readSecrets))
}
