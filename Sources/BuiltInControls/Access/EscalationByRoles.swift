import Controls

extension Control {
    /// The API server lets nobody give rights they do not have, unless they hold `bind` or `escalate`. With these and the right to write
    /// the binding or role, a request or two make an administrator.
    ///
    /// Fields: `subjects` of bindings with all that their role leads to. Allowed: `bind` of harmless roles by name.
    static let escalationByRoles = Control(
        id: "escalation-by-roles",
        title: "Let nobody give themselves the rights of an administrator",
        severity: .critical,
        duty: "C3",
        summary: "Whoever may bind or escalate, and write the object it is about, has every right that they want.",
        remedy: "Take `bind` and `escalate` away, or limit `bind` to harmless roles with `resourceNames`.",
        references: [.cis("5.1.8"), .nsa("role-based access control"), Reference("mitre-attack", "T1098.006")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: delegates}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: delegate}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "jane"}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: delegate}
            rules:
            - {apiGroups: ["rbac.authorization.k8s.io"], resources: [clusterroles], verbs: [bind], resourceNames: [view]}
            - {apiGroups: ["rbac.authorization.k8s.io"], resources: [clusterrolebindings], verbs: [create]}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: delegates}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: delegate}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "jane"} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: delegate}
            rules:
            - {apiGroups: ["rbac.authorization.k8s.io"], resources: [clusterroles], verbs: [bind]}
            - {apiGroups: ["rbac.authorization.k8s.io"], resources: [clusterrolebindings], verbs: [create]}
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: editors}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: role-editor}
            subjects:
            - {kind: ServiceAccount, namespace: ci, name: runner} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: role-editor}
            rules:
            - {apiGroups: ["rbac.authorization.k8s.io"], resources: [clusterroles], verbs: [escalate, update]}
            """,
        ],
        check: .ways(.roles))
}
