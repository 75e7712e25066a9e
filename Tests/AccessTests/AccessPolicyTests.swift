import Access
import Documents
import Kubernetes
import Testing

struct AccessPolicyTests {
    private static let shop = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: editors, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
        subjects:
        - {kind: Group, name: shop-team}
        - {kind: ServiceAccount, name: deployer}
        """

    @Test(arguments: [
        ("ann", ["shop-team"], "shop", true), ("ann", ["shop-team"], "bank", false), ("ann", [], "shop", false),
        ("system:serviceaccount:shop:deployer", [], "shop", true), ("system:serviceaccount:bank:deployer", [], "shop", false),
        ("root", ["system:masters"], "bank", true),
    ])
    func roleBindingsCountInTheirNamespace(user: String, groups: [String], namespace: String, isAllowed: Bool) {
        let decision = policy(Self.shop).decide(
            AccessRequest("create", .pods, namespace: namespace), by: Requester(user: user, groups: groups))
        #expect(decision.isAllowed == isAllowed)
    }

    /// `edit` is not in the estate, so it is the API server's own, with the rules it gathers.
    @Test func defaultRolesAreKnown() throws {
        let policy = policy(Self.shop)
        let member = Requester(user: "ann", groups: ["shop-team"])
        guard case .allowed(let reason) = policy.decide(AccessRequest("get", .pods, namespace: "shop"), by: member) else {
            return #expect(Bool(false), "view's rules are part of edit")
        }
        #expect(policy.roles[reason.role].name.name == "edit")
        #expect(policy.roles[reason.role].isAggregated)
        #expect(policy.object(policy.roles[reason.role].rules[reason.rule].origin).name == "system:aggregate-to-view")
    }

    @Test func aggregationReplacesWhatIsWritten() {
        let policy = policy(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: monitoring}
            aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: monitoring}}]}
            rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: pods, labels: {to: monitoring}}
            rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: monitoring}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: monitoring}
            subjects: [{kind: User, name: ann}]
            """)
        #expect(policy.decide(AccessRequest("get", .pods, namespace: "x"), by: Requester(user: "ann")).isAllowed)
        #expect(!policy.decide(AccessRequest("get", .secrets, namespace: "x"), by: Requester(user: "ann")).isAllowed)
    }

    /// Two roles that gather each other end, and neither keeps what is written in it.
    @Test func aggregationInACircleEnds() {
        let policy = policy(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: one, labels: {to: two}}
            aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: one}}]}
            rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: two, labels: {to: one}}
            aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: two}}]}
            """)
        for role in policy.roles where ["one", "two"].contains(role.name.name) { #expect(role.rules.isEmpty) }
    }

    @Test func whoCanNamesBindingAndRule() throws {
        let policy = policy(Self.shop)
        let reasons = policy.whoCan(AccessRequest("create", .podsExec, namespace: "shop", name: "web"))
        #expect(
            reasons.map { "\(policy.subjects[$0.subject]) by \(policy.bindings[$0.binding].name)" } == [
                "Group shop-team by editors", "Group system:masters by cluster-admin", "ServiceAccount shop/deployer by editors",
            ])
    }

    /// What the API server refuses gives nothing and is named.
    @Test(arguments: [
        ("subjects: [{kind: Robot, name: r2}]", 6, "User, Group or ServiceAccount"),
        ("subjects: [{kind: User, name: ''}]", 6, "the name of a subject"),
        ("subjects: [{kind: User, apiGroup: apps, name: ann}]", 6, "rbac.authorization.k8s.io for users and groups"),
        ("subjects: [{kind: ServiceAccount, apiGroup: rbac.authorization.k8s.io, name: web}]", 6, "empty for service accounts"),
    ])
    func refusedBindings(subjects: String, line: Int, expected: String) {
        let policy = policy(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: editors, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}

            \(subjects)
            """)
        #expect(policy.faults.map { "\($0.expected)" } == [expected])
        #expect(policy.faults.map { $0.value.position.line } == [line])
        #expect(!policy.bindings.contains { $0.name == "editors" })
    }

    @Test func bootstrapObjectsAreWellFormed() {
        let policy = policy("")
        #expect(policy.faults.isEmpty)
        #expect(BootstrapRoles.objects.count > 100)
        #expect(policy.bindings.allSatisfy { $0.role != nil })
        #expect(policy.decide(AccessRequest("get", url: "/healthz"), by: Requester(user: "ann")).isAllowed)
        #expect(policy.decide(AccessRequest("get", url: "/version"), by: Requester(user: Requester.anonymous)).isAllowed)
        #expect(!policy.decide(AccessRequest("get", url: "/metrics"), by: Requester(user: "ann")).isAllowed)
    }
}
