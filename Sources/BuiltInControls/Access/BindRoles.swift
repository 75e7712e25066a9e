import Controls

extension Control {
    /// `bind` lifts the API server's rule that nobody binds a role with more rights than their own: its holder binds
    /// `cluster-admin` to themselves.
    ///
    /// Fields: `verbs` on `roles`, `clusterroles`. Allowed: with `resourceNames` that hold none of the administrators' roles.
    static let bindRoles = Control(
        id: "bind-roles",
        title: "Do not allow binding roles without holding them",
        severity: .critical,
        duty: "C3",
        summary: "Whoever may bind any role binds cluster-admin to themselves.",
        remedy: "Remove `bind`, or name the harmless roles it is meant for in `resourceNames`.",
        references: [.cis("5.1.8"), .nsa("role-based access control"), Reference("mitre-attack", "T1098.006")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: onboarding}
            rules:
            - apiGroups: ["rbac.authorization.k8s.io"]
              resources:
              - clusterroles
              verbs:
              - bind
              resourceNames: [view]
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: onboarding}
            rules:
            - apiGroups: ["rbac.authorization.k8s.io"]
              resources:
              - clusterroles
              verbs:
              - bind # ✗
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: onboarding}
            rules:
            - apiGroups: ["rbac.authorization.k8s.io"]
              resources:
              - clusterroles
              verbs:
              - bind # ✗
              resourceNames: [admin]
            """,
        ],
        check: .powers(at: .verb, .bind))
}
