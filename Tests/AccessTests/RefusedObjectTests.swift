import Access
import Documents
import Kubernetes
import Testing

/// What the API server refuses, or sees otherwise than it looks.
struct RefusedObjectTests {
    private static func binding(
        kind: String = "RoleBinding", metadata: String = "{name: b, namespace: shop}", role: String = "edit", subject: String
    ) -> String {
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: \(kind)
        metadata: \(metadata)
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "\(role)"}
        subjects:
        - \(subject)
        """
    }

    @Test func aRoleBindingMeansTheAccountOfItsNamespace() {
        let policy = policy(Self.binding(subject: "{kind: ServiceAccount, name: web}"))
        #expect(policy.faults.isEmpty)
        #expect(policy.subject(.account("shop", "web")) != nil)
    }

    @Test(arguments: [
        (
            binding(kind: "ClusterRoleBinding", metadata: "{name: b}", subject: "{kind: ServiceAccount, name: web}"), 6,
            "the namespace of the service account"
        ),
        (binding(subject: "{kind: ServiceAccount, name: Web}"), 6, "a name that a service account can have"),
        (binding(subject: "{kind: ServiceAccount, name: 'a:b'}"), 6, "a name that a service account can have"),
        (binding(role: "a/b", subject: "{kind: User, name: ann}"), 4, "the name of a role"),
        (binding(role: "..", subject: "{kind: User, name: ann}"), 4, "the name of a role"),
        (binding(metadata: "{name: a%b, namespace: shop}", subject: "{kind: User, name: ann}"), 3, "a name without '/' and '%'"),
        (binding(metadata: "{namespace: shop}", subject: "{kind: User, name: ann}"), 3, "a name without '/' and '%'"),
        (binding(metadata: "{name: b, namespace: Shop}", subject: "{kind: User, name: ann}"), 3, "the name of a namespace"),
        (binding(metadata: "{name: b, namespace: a.b}", subject: "{kind: User, name: ann}"), 3, "the name of a namespace"),
    ])
    func refused(manifest: String, line: Int, expected: String) {
        let policy = policy(manifest)
        #expect(policy.faults.map { "\($0.expected)" } == [expected])
        #expect(policy.faults.map(\.value.position.line) == [line])
        #expect(!policy.bindings.contains { $0.name == "b" })
    }

    /// To the server an account is the user of its name, wherever the colon stands.
    @Test func accountsAreUsers() {
        let policy = policy(Self.binding(subject: "{kind: ServiceAccount, namespace: 'a:b', name: c}"))
        #expect(policy.decide(AccessRequest("get", .pods, namespace: "shop"), by: Requester(user: "system:serviceaccount:a:b:c")).isAllowed)
        #expect(policy.subject(.user("system:serviceaccount:a:b:c")) == policy.subject(.account("a", "b:c")))
        #expect(AccessSubject.account("a", "b") == AccessSubject.user("system:serviceaccount:a:b"))
    }

    @Test func namesAreComparedByBytes() {
        let policy = policy(Self.binding(subject: "{kind: User, name: \"caf\\u00e9\"}"))
        let request = AccessRequest("get", .pods, namespace: "shop")
        #expect(policy.decide(request, by: Requester(user: "caf\u{E9}")).isAllowed)
        #expect(!policy.decide(request, by: Requester(user: "cafe\u{301}")).isAllowed)
    }

    /// Two objects that leave their name to the server are two objects, and no reference finds them.
    @Test func generatedNamesDoNotMeet() {
        func generated(_ user: String) -> String {
            Self.binding(metadata: "{generateName: b-, namespace: shop}", subject: "{kind: User, name: \(user)}")
        }
        let role = "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {generateName: x-}, rules: []}"
        let policy = policy(
            [generated("ann"), generated("bob"), role, role, Self.binding(role: "x-*", subject: "{kind: User, name: cy}")].joined(
                separator: "\n---\n"))
        #expect(policy.faults.isEmpty)
        for user in ["ann", "bob"] {
            #expect(policy.decide(AccessRequest("get", .pods, namespace: "shop"), by: Requester(user: user)).isAllowed)
        }
        #expect(policy.bindings.first { $0.name == "b" }?.role == nil)
    }

    /// The last of one name is the one the server keeps.
    @Test func theLastOfOneNameCounts() {
        let policy = policy(
            [Self.binding(subject: "{kind: User, name: ann}"), Self.binding(subject: "{kind: User, name: bob}")].joined(separator: "\n---\n"))
        let request = AccessRequest("get", .pods, namespace: "shop")
        #expect(!policy.decide(request, by: Requester(user: "ann")).isAllowed)
        #expect(policy.decide(request, by: Requester(user: "bob")).isAllowed)
    }

    @Test func danglingBindingsAreTheRequesters() {
        let manifest = [
            Self.binding(role: "nowhere", subject: "{kind: User, name: ann}"),
            Self.binding(metadata: "{name: c, namespace: bank}", role: "nowhere", subject: "{kind: User, name: ann}"),
        ].joined(separator: "\n---\n")
        let policy = policy(manifest)
        let found = policy.danglingBindings(of: Requester(user: "ann"), in: "shop")
        #expect(found.map { policy.bindings[$0].name } == ["b"])
        #expect(policy.danglingBindings(of: Requester(user: "bob"), in: "shop").isEmpty)
    }

    /// The API server's own binding stays its own in a dump, until somebody changes it or its role.
    @Test(arguments: [
        ("system:masters", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", true),
        ("developers", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", false),
        ("system:masters", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}, {apiGroups: [''], resources: [pods], verbs: [get]}", true),
        ("system:masters", "{apiGroups: [''], resources: [pods], verbs: [get]}, {apiGroups: ['*'], resources: ['*'], verbs: ['*']}", false),
    ])
    func bootstrapIsToldBySubjectAndRule(group: String, rules: String, isOwn: Bool) throws {
        let policy = policy(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: cluster-admin}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "\(group)"}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: cluster-admin}
            rules: [\(rules)]
            """)
        #expect(policy.isDump)
        let reason = try #require(policy.whoCan(AccessRequest("get", .pods)).first)
        #expect(policy.isBootstrap(reason) == isOwn)
    }

    @Test func whoCanAnywhereNamesEachNamespace() {
        let policy = policy(
            ["shop", "bank"].map { Self.binding(metadata: "{name: b, namespace: \($0)}", subject: "{kind: User, name: ann}") }
                .joined(separator: "\n---\n"))
        let request = AccessRequest("create", .pods)
        #expect(policy.whoCan(request, anywhere: true).map { policy.bindings[$0.binding].namespace }.filter { !$0.isEmpty } == ["shop", "bank"])
        #expect(!policy.whoCan(request).contains { policy.subjects[$0.subject].name == "ann" })
    }
}
