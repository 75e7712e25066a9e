extension Technique {
    static let fullAccess = Technique(
        id: "full-access",
        title: "Use a rule that allows everything",
        condition: "none",
        gives: "control of the cluster",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles",
        severity: .critical,
        needs: [.everything],
        goal: .cluster)

    /// The API server lets its members pass before it asks any authorizer.
    static let mastersGroup = Technique(
        id: "masters-group",
        title: "Be a member of system:masters",
        condition: "none; no role or binding takes anything from this group",
        gives: "control of the cluster",
        source: "kubernetes pkg/kubeapiserver/authorizer",
        severity: .critical)

    static let impliedGroup = Technique(
        id: "implied-group",
        title: "Use what a group has that the API server puts every such identity into",
        condition: "none",
        gives: "the rights of the group",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects",
        severity: .critical)
}

extension Need {
    /// Every verb on every resource, those of the core group included: Secrets, Pods, nodes and tokens are there.
    static let everything = Need(.forbidden, Permission(.every, "", "*", clusterScoped: true))
}
