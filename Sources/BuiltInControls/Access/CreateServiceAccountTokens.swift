import Controls

extension Control {
    /// A created token is valid outside the cluster and for any service account the rule reaches, those of operators included.
    ///
    /// Fields: `serviceaccounts/token` in `rules`. Allowed: with `resourceNames`.
    static let createServiceAccountTokens = Control(
        id: "create-service-account-tokens",
        title: "Do not allow making tokens of service accounts",
        severity: .high,
        duty: "C3",
        summary: "Whoever makes tokens becomes any service account in reach; in kube-system that is the cluster.",
        remedy: "Remove `serviceaccounts/token`, or name the one service account in `resourceNames`.",
        references: [.cis("5.1.13"), Reference("mitre-attack", "T1528")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: own, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - serviceaccounts/token
              verbs:
              - create
              resourceNames: [web]
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: tokens}
            rules:
            - apiGroups: [""]
              resources:
              - serviceaccounts/token # ✗
              verbs:
              - create
            """
        ],
        check: .powers(.createTokens))
}
