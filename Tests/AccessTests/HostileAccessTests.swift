import Access
import Documents
import Kubernetes
import Testing

/// Broken roles and bindings end in faults, never in a crash, and never in rights that nobody wrote.
struct HostileAccessTests {
    private static let values = [
        "null", "[]", "{}", "\"\"", "0", "-1", "true", "[null]", "[[]]", "\"*\"", "{\"a\": {\"b\": []}}", "1e400", "\"\\u0000\"",
    ]

    /// Random values in the place of random ones: the text stays JSON, the objects become anything.
    @Test(arguments: 31...36 as ClosedRange<UInt64>)
    func brokenObjectsAreFaultsOrNothing(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let rbac = RandomRBAC(seed: seed)
        let whole = policy(try RBACObject.list(rbac.objects))
        var questions = rbac
        for _ in 0..<10 {
            let broken = try rbac.objects.map { object in
                random.chance(3) ? Self.broken(try object.json, &random) : try object.json
            }
            let text = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\(broken.joined(separator: ",\n"))]}"
            let policy = policy(text)
            for fault in policy.faults { #expect(fault.value.position.line > 0 && !"\(fault.expected)".isEmpty) }
            #expect(policy.bindings.count <= whole.bindings.count)
            for _ in 0..<40 {
                let question = questions.question().ofRequester
                let requester = Requester(user: question.user, groups: question.groups)
                if case .allowed(let reason) = policy.decide(question.request, by: requester) {
                    #expect(policy.whoCan(question.request).contains(reason))
                    #expect(policy.roles[reason.role].rules[reason.rule].allows(question.request))
                }
            }
        }
    }

    /// One value of a flat JSON text replaced by another: a string, or what stands between two brackets.
    private static func broken(_ json: String, _ random: inout SeededRandom) -> String {
        let places = json.matches(of: /:(\[[^\[\]]*\]|\{[^{}]*\}|"[^"]*")/)
        guard !places.isEmpty else { return json }
        let place = random.element(of: places.map(\.output.1))
        return json.replacingCharacters(place.startIndex..<place.endIndex, with: random.element(of: values))
    }

    @Test func manyBindingsOfOneRoleAreAskedOnce() {
        let rules = (0..<2_000).map { "{apiGroups: [''], resources: ['r\($0)'], verbs: [get]}" }.joined(separator: ", ")
        let role = "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: big}, rules: [\(rules)]}"
        let bindings = (0..<2_000).map { index in
            """
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b\(index)},
             roleRef: {kind: ClusterRole, name: big}, subjects: [{kind: User, name: ann}]}
            """
        }
        let policy = policy(([role] + bindings).joined(separator: "\n---\n"))
        let ann = Requester(user: "ann")
        for _ in 0..<50 { #expect(!policy.decide(AccessRequest("get", APIResource("", "none")), by: ann).isAllowed) }
        #expect(policy.whoCan(AccessRequest("get", APIResource("", "r1999"))).count { policy.subjects[$0.subject].name == "ann" } == 2_000)
    }

    /// Each of a hundred thousand subjects may be asked about.
    @Test func aBindingOfManyIsToldFromTheServersOwn() {
        let subjects = (0..<20_000).map { "{kind: User, name: 'u\($0)'}" }.joined(separator: ", ")
        let policy = policy(
            """
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: cluster-admin},
             roleRef: {kind: ClusterRole, name: cluster-admin}, subjects: [\(subjects), {kind: Group, name: 'system:masters'}]}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: cluster-admin},
             rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]}
            """)
        let reasons = policy.whoCan(AccessRequest("get", .pods))
        #expect(reasons.count == 20_001)
        #expect(reasons.filter(policy.isBootstrap).map { policy.subjects[$0.subject] } == [.group("system:masters")])
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<String.Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
