import Controls

extension Control {
    /// Root on a node takes the tokens of all Pods there. The way to it leads over a Pod that Pod Security does not stop: a privileged
    /// one of one's own, one that breaks out already, a volume with a path of the node.
    ///
    /// Fields: `subjects` of bindings with all that their role leads to, Pod Security labels of Namespaces, Pods of the estate.
    /// Allowed: the same rights in namespaces that enforce `baseline` or `restricted`.
    static let escalationByNodes = Control(
        id: "escalation-by-nodes",
        title: "Let nobody take over the cluster through its nodes",
        severity: .high,
        duty: "C3",
        summary: "These rights end at root on nodes, and from there at a service account that controls the cluster.",
        remedy: "Enforce a Pod Security level on the namespace and take away what lifts it, or narrow the role: see the suggested one.",
        references: [.cis("5.1.9"), .cis("5.2.1"), .nsa("role-based access control"), Reference("mitre-attack", "T1611")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: pods, namespace: shop}
            rules:
            - {apiGroups: [""], resources: [pods], verbs: [create]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: agent, namespace: node}
            spec:
              serviceAccountName: agent
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: agent}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
            - {kind: ServiceAccount, namespace: node, name: agent}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: pods, namespace: shop}
            rules:
            - {apiGroups: [""], resources: [pods], verbs: [create]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: agent, namespace: node}
            spec:
              serviceAccountName: agent
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: agent}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
            - {kind: ServiceAccount, namespace: node, name: agent}
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop-team"} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: pods, namespace: shop}
            rules:
            - {apiGroups: [""], resources: [pods], verbs: [create]}
            - {apiGroups: [""], resources: [namespaces], verbs: [patch]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: agent, namespace: node}
            spec:
              serviceAccountName: agent
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: agent}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
            - {kind: ServiceAccount, namespace: node, name: agent}
            """,
        ],
        check: .ways(.nodes))
}
