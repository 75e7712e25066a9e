import Access
import Documents
import Kubernetes
import Testing

/// The engine against a second one, on random roles and bindings. The same comparison with a real API server is in
/// `APIServerDecisionTests`.
struct RandomDecisionTests {
    /// An estate that says it is a dump, so that it holds all there is.
    private static func dumped(_ random: RandomRBAC) -> [RBACObject] {
        random.objects + [
            RBACObject(
                kind: "ClusterRoleBinding", metadata: .init(name: "cluster-admin"),
                roleRef: .init(apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin"),
                subjects: [.init(kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "system:masters")]),
            RBACObject(
                kind: "ClusterRole", metadata: .init(name: "cluster-admin"),
                rules: [.init(verbs: ["*"], apiGroups: ["*"], resources: ["*"]), .init(verbs: ["*"], nonResourceURLs: ["*"])]),
        ]
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func decisionsAreThoseOfTheReference(seed: UInt64) throws {
        var random = RandomRBAC(seed: seed)
        let objects = Self.dumped(random)
        let policy = policy(try RBACObject.list(objects))
        #expect(policy.faults.isEmpty && policy.isDump)
        let reference = ReferenceAuthorizer(objects: objects)
        var allowed = 0
        for _ in 0..<1500 {
            let question = random.question().ofRequester
            let expected = reference.allows(question)
            let decision = policy.decide(question.request, by: Requester(user: question.user, groups: question.groups))
            #expect(decision.isAllowed == expected, "seed \(seed): \(question)")
            allowed += expected ? 1 : 0
        }
        #expect((120...1380).contains(allowed), "\(allowed) of 1500 allowed: the questions tell little")
    }

    /// Everybody who is listed may do it alone, everybody else may not.
    @Test(arguments: 11...16 as ClosedRange<UInt64>)
    func whoCanListsExactlyThoseWhoCan(seed: UInt64) throws {
        var random = RandomRBAC(seed: seed)
        let objects = Self.dumped(random)
        let policy = policy(try RBACObject.list(objects))
        let reference = ReferenceAuthorizer(objects: objects)
        for _ in 0..<60 {
            let asked = random.ask(of: "")
            let listed = Set(policy.whoCan(asked.request).map { policy.subjects[$0.subject] })
            for subject in policy.subjects where subject != .group(Requester.mastersGroup) {
                #expect(listed.contains(subject) == reference.allows(asked.asked(by: subject)), "seed \(seed): \(asked.asked(by: subject))")
            }
        }
    }
}

extension RBACQuestion {
    var request: AccessRequest {
        if let url { return AccessRequest(verb, url: url) }
        return AccessRequest(
            verb, APIResource(group, subresource.isEmpty ? resource : "\(resource)/\(subresource)"), namespace: namespace, name: name)
    }

    /// With the groups that follow from the name.
    var ofRequester: RBACQuestion {
        var question = self
        question.groups = Requester(user: user, groups: groups).groups
        return question
    }

    /// The question of one subject alone, without the groups that follow from its name.
    func asked(by subject: AccessSubject) -> RBACQuestion {
        var question = self
        question.groups = subject.kind == .group ? [subject.name] : []
        question.user =
            switch subject.kind {
            case .user: subject.name
            case .group: "nobody"
            case .serviceAccount: "system:serviceaccount:\(subject.namespace):\(subject.name)"
            }
        return question
    }
}
