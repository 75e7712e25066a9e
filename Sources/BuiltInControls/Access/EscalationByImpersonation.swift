import Controls

extension Control {
    /// Whoever may impersonate groups, and some user, acts as a member of `system:masters`; any user alone is enough to act as
    /// kube-controller-manager.
    ///
    /// Fields: `subjects` of bindings with all that their role leads to. Allowed: impersonation of harmless identities by name.
    static let escalationByImpersonation = Control(
        id: "escalation-by-impersonation",
        title: "Let nobody act as somebody who controls the cluster",
        severity: .critical,
        duty: "C3",
        summary: "One header in a request makes this identity one that controls the cluster.",
        remedy: "Limit the rule with `resourceNames` to users and groups that may do little.",
        references: [.cis("5.1.8"), .nsa("role-based access control"), Reference("mitre-attack", "T1134")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: proxies}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: proxy}
            subjects:
            - {kind: ServiceAccount, namespace: gateway, name: proxy}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: proxy}
            rules:
            - {apiGroups: [""], resources: [users], verbs: [impersonate], resourceNames: [guest]}
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: proxies}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: proxy}
            subjects:
            - {kind: ServiceAccount, namespace: gateway, name: proxy}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: proxy}
            rules:
            - {apiGroups: [""], resources: [groups], verbs: [impersonate]}
            """,
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: proxies}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: proxy}
            subjects:
            - {kind: ServiceAccount, namespace: gateway, name: proxy} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: proxy}
            rules:
            - {apiGroups: [""], resources: ["users", "groups"], verbs: [impersonate]}
            """
        ],
        check: .ways(.impersonation))
}
