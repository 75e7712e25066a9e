import Controls

extension Control {
    /// `escalate` lifts the API server's rule that nobody writes more rights into a role than they have: its holder makes
    /// themselves administrator with one patch.
    ///
    /// Fields: `verbs` on `roles`, `clusterroles`. Allowed: none.
    static let escalateRoles = Control(
        id: "escalate-roles",
        title: "Do not allow the verb escalate",
        severity: .critical,
        duty: "C3",
        summary: "Whoever may escalate writes any right into a role they are bound to.",
        remedy: "Remove `escalate`, and `*` from verbs on roles; an operator that manages roles should itself hold what it hands out.",
        references: [.cis("5.1.8"), .nsa("role-based access control"), Reference("mitre-attack", "T1098.006")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: ["rbac.authorization.k8s.io"]
              resources:
              - clusterroles
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - apiGroups: ["rbac.authorization.k8s.io"]
              resources:
              - clusterroles
              verbs:
              - get
              - escalate # ✗
            """
        ],
        check: .powers(at: .verb, .escalate))
}
