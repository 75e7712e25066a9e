import Controls

extension Control {
    /// Whoever creates a Pod, or changes what makes Pods, runs code with any service account, Secret and volume of the namespace.
    ///
    /// Fields: `rules` of Roles, and of ClusterRoles that only RoleBindings bind.
    /// Allowed: rules with `resourceNames`.
    static let createWorkloadsInNamespaces = Control(
        id: "create-workloads-in-namespaces",
        title: "Allow creating Pods only where it is needed",
        severity: .medium,
        duty: "C3",
        summary: "Whoever creates Pods reads all Secrets and acts as all service accounts of the namespace.",
        remedy: "Remove the rule, or let a deployment pipeline hold it, in its own namespaces only.",
        references: [.cis("5.1.4"), .nsa("role-based access control"), Reference("mitre-attack", "T1610")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: own, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods
              verbs:
              - get
              - delete
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
              - pods # ✗
              verbs:
              - create
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - pods # ✗
              verbs:
              - create
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: readers, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            """,
        ],
        check: .powers(in: .namespaces, .createPods))
}
