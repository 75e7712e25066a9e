// Every request that impersonates names a user; groups come on top of one. Uids and extra fields give no right by themselves.
// Source: kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation.

extension Technique {
    static let impersonateUsers = Technique(
        id: "impersonate-users",
        title: "Act as another user",
        condition: "none; users that are called like service accounts need a right of their own",
        gives: "the users the rule names, every user when it names none, kube-controller-manager among them",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/",
        severity: .critical,
        needs: [.impersonateUsers],
        goal: .users)

    static let impersonateGroups = Technique(
        id: "impersonate-groups",
        title: "Act as a member of another group",
        condition: "the identity may impersonate some user or service account too, since each such request names one",
        gives: "the groups the rule names, system:masters when it names none",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/",
        severity: .critical,
        needs: [.impersonateGroups, .impersonateSomebody],
        goal: .groups)

    static let impersonateServiceAccounts = Technique(
        id: "impersonate-service-accounts",
        title: "Act as a service account",
        condition: "none; it need not exist",
        gives: "the service accounts of the namespace, or those the rule names",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/",
        severity: .critical,
        needs: [.impersonateAccounts],
        goal: .accounts)
}

extension Need {
    static let impersonateUsers = Need(.limit, Permission(.impersonate, "", "users", clusterScoped: true))
    static let impersonateGroups = Need(.limit, Permission(.impersonate, "", "groups", clusterScoped: true))
    static let impersonateAccounts = Need(.limit, Permission(.impersonate, "", "serviceaccounts"))
    static let impersonateSomebody = Need(
        .ignored, Permission(.impersonate, "", "users", clusterScoped: true), Permission(.impersonate, "", "serviceaccounts"))
}
