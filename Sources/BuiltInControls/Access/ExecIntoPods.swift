import Controls

extension Control {
    /// `exec` runs any command with the identity, the Secrets and the network of somebody else's container.
    /// Both `create` and `get` allow it, since the API server takes websockets with `get`.
    ///
    /// Fields: `pods/exec` in `rules`. Allowed: none in standing roles.
    static let execIntoPods = Control(
        id: "exec-into-pods",
        title: "Do not allow running commands in Pods",
        severity: .high,
        duty: "C3",
        summary:
            "A command run inside a container has all its Secrets, its service account and its network, and leaves no trace in an "
            + "image or manifest.",
        remedy: "Remove `pods/exec`; give it for a limited time to the people who debug, or use ephemeral debugging outside production.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1609")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods
              - pods/log
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: shell, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods/exec # ✗
              verbs:
              - create
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: shell}
            rules:
            - apiGroups: ["*"]
              resources:
              - "*/exec" # ✗
              verbs:
              - get
            """,
        ],
        check: .powers(.execute))
}
