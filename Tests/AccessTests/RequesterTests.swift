import Access
import Testing

struct RequesterTests {
    @Test func serviceAccountsAreInTheGroupsOfTheirNamespace() {
        let requester = Requester(user: "system:serviceaccount:shop:web", groups: ["extra"])
        #expect(requester.groups == ["extra", "system:authenticated", "system:serviceaccounts", "system:serviceaccounts:shop"])
    }

    @Test func anonymousIsNotAuthenticated() {
        #expect(Requester(user: "system:anonymous").groups == ["system:unauthenticated"])
    }

    @Test(arguments: ["system:serviceaccount:shop", "system:serviceaccount:shop:", "system:serviceaccount:a:b:c", "web"])
    func otherUsersAreNoServiceAccounts(user: String) {
        #expect(ServiceAccountName(user: user) == nil)
    }
}
