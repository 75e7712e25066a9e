import Controls

extension Control {
    /// Whoever creates a Pod, or changes what makes Pods, runs code with any service account, Secret and volume of the namespace.
    ///
    /// Fields: `rules` of ClusterRoles, unless the estate binds them by RoleBindings only.
    /// Allowed: in single namespaces (see `create-workloads-in-namespaces`), and with `resourceNames`.
    static let createWorkloadsClusterWide = Control(
        id: "create-workloads-cluster-wide",
        title: "Do not allow creating Pods in the whole cluster",
        severity: .high,
        duty: "C3",
        summary: "Whoever creates Pods anywhere runs code as every service account, those in kube-system included.",
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
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - pods
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
        failing: [
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
            """
        ],
        check: .powers(in: .cluster, .createPods))
}
