import Controls

extension Control {
    /// Whoever may create Pods, tokens or Secrets in a namespace, or enter its Pods, is every service account there. Where one of
    /// those can take over the cluster, rights in that one namespace are rights over all.
    ///
    /// Fields: `subjects` of RoleBindings with all that their role leads to. Allowed: roles in namespaces whose service accounts
    /// lead nowhere.
    static let escalationByStrongerAccounts = Control(
        id: "escalation-by-stronger-accounts",
        title: "Let nobody take over the cluster through a service account of their namespace",
        severity: .high,
        duty: "C3",
        summary: "Rights in the namespace reach a service account there, and that one reaches control of the cluster.",
        remedy: "Move the powerful service account into a namespace of its own, or narrow the role: see the suggested one.",
        references: [
            .cis("5.1.4"), .cis("5.1.13"), .nsa("role-based access control"), Reference("mitre-attack", "T1078.004"),
            Reference("mitre-attack", "T1528"),
        ],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"}
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
            - {kind: ServiceAccount, namespace: operators, name: operator}
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - {apiGroups: [""], resources: [pods], verbs: [get, list]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: operator}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: operator}
            """,
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"} # ✗
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
            kind: RoleBinding
            metadata: {name: team, namespace: kube-system}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: debug}
            subjects:
            - {kind: ServiceAccount, namespace: ci, name: runner} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: debug, namespace: kube-system}
            rules:
            - {apiGroups: [""], resources: [pods/exec], verbs: [create]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: operator, namespace: kube-system}
            spec:
              serviceAccountName: operator
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: operator}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
            - {kind: ServiceAccount, namespace: kube-system, name: operator}
            """,
        ],
        check: .ways(.strongerAccounts))
}
