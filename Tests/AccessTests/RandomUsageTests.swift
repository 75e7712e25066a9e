import Access
import Documents
import Kubernetes
import Testing

/// Suggested roles on random estates: they allow all that was used, and nothing that was not allowed before.
struct RandomUsageTests {
    @Test(arguments: 21...28 as ClosedRange<UInt64>)
    func suggestionsAllowTheUseAndNoMore(seed: UInt64) throws {
        var random = RandomRBAC(seed: seed)
        let manifests = try RBACObject.list(random.objects)
        let before = policy(manifests)
        var recorder = UsageRecorder(before)
        var used: [RBACQuestion] = []
        while used.count < 150 {
            let question = random.question().ofRequester
            guard before.decide(question.request, by: Requester(user: question.user, groups: question.groups)).isAllowed else { continue }
            used.append(question)
            recorder.add(UsageTests.event(question.request, user: question.user, groups: question.groups))
        }
        let after = policy(try RBACObject.list(Self.replaced(recorder.usage)))
        #expect(after.faults.isEmpty)
        for question in used {
            let requester = Requester(user: question.user, groups: question.groups)
            #expect(after.decide(question.request, by: requester).isAllowed, "seed \(seed): \(question)")
        }
        var (wider, narrower) = (0, 0)
        for _ in 0..<3_000 {
            let question = random.question().ofRequester
            let requester = Requester(user: question.user, groups: question.groups)
            let (was, is_) = (before.decide(question.request, by: requester).isAllowed, after.decide(question.request, by: requester).isAllowed)
            #expect(was || !is_, "seed \(seed): \(question)")
            wider += was ? 1 : 0
            narrower += is_ ? 1 : 0
        }
        #expect(narrower < wider, "seed \(seed): nothing became smaller")
    }

    /// The suggestions for all bindings of the estate, as objects.
    private static func replaced(_ usage: AccessUsage) -> [RBACObject] {
        var names = SuggestedNames(usage.policy)
        var objects = usage.policy.roles.compactMap { role -> RBACObject? in
            guard case .estate = role.origin else { return nil }
            return object(role)
        }
        for binding in usage.bindings {
            let granted = usage.policy.bindings[binding]
            switch usage.suggestion(for: binding, names: &names) {
            case .remove: break
            case .keep: objects.append(object(granted.name, granted.namespace, granted.roleName, granted.subjects.map { Int($0) }, usage.policy))
            case .keepSubjects(let subjects): objects.append(object(granted.name, granted.namespace, granted.roleName, subjects, usage.policy))
            case .countless: #expect(Bool(false), "the pools are small")
            case .narrow(let roles):
                for role in roles {
                    let kind = role.namespace.isEmpty ? "ClusterRole" : "Role"
                    let rules = role.rules.map { rule in
                        rule.nonResourceURLs.isEmpty
                            ? RBACObject.Rule(
                                verbs: rule.verbs, apiGroups: rule.apiGroups, resources: rule.resources,
                                resourceNames: rule.resourceNames.isEmpty ? nil : rule.resourceNames)
                            : RBACObject.Rule(verbs: rule.verbs, nonResourceURLs: rule.nonResourceURLs)
                    }
                    let namespace = role.namespace.isEmpty ? nil : role.namespace
                    objects.append(RBACObject(kind: kind, metadata: .init(name: role.name, namespace: namespace), rules: rules))
                    objects.append(object(role.name, role.namespace, .init(kind: kind, name: role.name), role.subjects, usage.policy))
                }
            }
        }
        return objects
    }

    /// A role with the rules it has after aggregation.
    private static func object(_ role: EffectiveRole) -> RBACObject {
        func list(_ value: Value) -> [String]? { (try? value.strings()).flatMap { $0.isEmpty ? nil : $0 } }
        return RBACObject(
            kind: role.name.kind, metadata: .init(name: role.name.name, namespace: role.name.namespace.isEmpty ? nil : role.name.namespace),
            rules: role.rules.map {
                .init(
                    verbs: list($0.rule.verbs), apiGroups: list($0.rule.apiGroups), resources: list($0.rule.resources),
                    resourceNames: list($0.rule.resourceNames), nonResourceURLs: list($0.rule.nonResourceURLs))
            })
    }

    private static func object(
        _ name: String, _ namespace: String, _ role: AccessIndex.Name, _ subjects: [Int], _ policy: AccessPolicy
    ) -> RBACObject {
        RBACObject(
            kind: namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding",
            metadata: .init(name: name, namespace: namespace.isEmpty ? nil : namespace),
            roleRef: .init(apiGroup: "rbac.authorization.k8s.io", kind: role.kind, name: role.name),
            subjects: subjects.map { policy.subjects[$0] }.map {
                .init(kind: $0.kind.rawValue, namespace: $0.namespace.isEmpty ? nil : $0.namespace, name: $0.name)
            })
    }
}
