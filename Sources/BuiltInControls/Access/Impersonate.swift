import Controls

extension Control {
    /// `impersonate` lets its holder act as any user, group or service account it covers, `system:masters` included, which no
    /// rule limits.
    ///
    /// Fields: `verbs` on `users`, `groups`, `serviceaccounts`, `uids`. Allowed: none.
    static let impersonate = Control(
        id: "impersonate",
        title: "Do not allow acting as others",
        severity: .critical,
        duty: "C3",
        summary: "Whoever may impersonate groups acts as system:masters; whoever may impersonate service accounts acts as every operator.",
        remedy: "Remove `impersonate`; a proxy that needs it should be limited by `resourceNames` to its users and granted by name.",
        references: [.cis("5.1.8"), .nsa("role-based access control"), Reference("mitre-attack", "T1078")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - serviceaccounts
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: proxy}
            rules:
            - apiGroups: [""]
              resources:
              - users
              - groups
              verbs:
              - impersonate # ✗
            """
        ],
        check: .powers(at: .verb, .impersonate))
}
