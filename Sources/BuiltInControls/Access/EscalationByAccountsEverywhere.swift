import Controls

extension Control {
    /// Creating Pods or tokens, entering Pods, reading token Secrets or talking to kubelets in the whole cluster makes one any service
    /// account of it, those of kube-controller-manager included.
    ///
    /// Fields: `subjects` of ClusterRoleBindings with all that their role leads to. Allowed: such rights in namespaces, by
    /// RoleBindings.
    static let escalationByAccountsEverywhere = Control(
        id: "escalation-by-accounts-everywhere",
        title: "Let nobody take over the cluster through service accounts of all namespaces",
        severity: .high,
        duty: "C3",
        summary: "These rights reach every service account of the cluster, so also one that controls it.",
        remedy: "Bind the role in the namespaces where it is used, or narrow it: see the suggested one.",
        references: [
            .cis("5.1.4"), .cis("5.1.10"), .nsa("role-based access control"), Reference("mitre-attack", "T1078.004"),
            Reference("mitre-attack", "T1528"),
        ],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: deployers}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: deployer}
            subjects:
            - {kind: ServiceAccount, namespace: ci, name: runner}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: deployer}
            rules:
            - {apiGroups: ["apps"], resources: [deployments], verbs: [get, list]}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: deployers}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: deployer}
            subjects:
            - {kind: ServiceAccount, namespace: ci, name: runner} # ✗
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "ops"} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: deployer}
            rules:
            - {apiGroups: ["apps"], resources: [deployments], verbs: [create, patch]}
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: monitoring}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: monitoring}
            subjects:
            - {kind: ServiceAccount, namespace: monitoring, name: agent} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: monitoring}
            rules:
            - {apiGroups: [""], resources: [nodes/proxy], verbs: [get]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: operator, namespace: shop}
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
            - {kind: ServiceAccount, namespace: shop, name: operator}
            """,
        ],
        check: .ways(.accountsEverywhere))
}
