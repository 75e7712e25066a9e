import Documents
import Kubernetes
import Testing

@testable import Access

/// What is named as the cut really cuts, what is counted is what really happens.
struct CutTests {
    /// Takes each binding away in turn: what was named as a cut closes every way, as many subjects are saved as were counted, and
    /// no way opens.
    @Test(arguments: 0..<24)
    func bindingsTakenAway(seed: UInt64) {
        let random = RandomRbac(seed: seed)
        let whole = escalation(random.manifests())
        let exposed = whole.exposed.map { whole.subjects[$0] }
        let all = Set(exposed + whole.inherent.map { whole.subjects[$0] })
        for binding in random.bindings {
            let rest = escalation(random.manifests(without: binding.name))
            let left = Set((rest.exposed + rest.inherent).map { rest.subjects[$0] })
            #expect(left.isSubset(of: all), "\(binding.name) closed a way")
            let saved = exposed.filter { !left.contains($0) }
            let counted = whole.savings.first { whole.text($0.cut) == "binding \(binding.name)" }?.subjects ?? 0
            // Where a technique needs several bindings at once, some that cut may not be named.
            let isExact = whole.graph.combinations.isEmpty
            #expect(isExact ? counted == saved.count : counted <= saved.count, "\(binding.name) saves \(saved), counted \(counted)")
            for index in whole.exposed {
                let isNamed = whole.path(of: index)?.cuts.contains { whole.text($0) == "binding \(binding.name)" } ?? false
                if isNamed { #expect(!left.contains(whole.subjects[index]), "\(binding.name) is named as a cut of \(whole.subjects[index])") }
            }
        }
    }

    /// Each step of a way begins where the one before ended, rests on rules that are there, and the last one ends at the cluster.
    @Test(arguments: 0..<24)
    func waysHoldTogether(seed: UInt64) {
        let analysis = escalation(RandomRbac(seed: seed).manifests())
        for index in analysis.exposed + analysis.inherent {
            guard let path = analysis.path(of: index) else { return #expect(Bool(false), "a subject with a way has one") }
            #expect(path.steps.first?.from == .subject(analysis.subjects[index]))
            #expect(path.steps.last?.to == .cluster)
            #expect(path.length == path.steps.count)
            for (one, next) in zip(path.steps, path.steps.dropFirst()) { #expect(one.to == next.from) }
            for step in path.steps {
                for grant in step.grants {
                    if let rule = grant.rule { #expect(analysis.policy.roles[grant.role].rules.indices.contains(rule)) }
                    if let binding = grant.binding { #expect(analysis.policy.bindings[binding].role == grant.role) }
                }
            }
            #expect(path.severity == path.steps.map(\.technique.severity).min())
        }
    }

    /// What is left of a role when a binding's ways are taken out of it leads nowhere by itself, and loses nothing else.
    @Test(arguments: 0..<24)
    func whatRemainsOfARoleLeadsNowhere(seed: UInt64) throws {
        let random = RandomRbac(seed: seed)
        let whole = escalation(random.manifests())
        for binding in random.bindings {
            let index = try #require(whole.policy.bindings.firstIndex { $0.name == binding.name })
            guard let rules = whole.remainingRules(ofBinding: index), let role = whole.policy.bindings[index].role else { continue }
            let (subject, namespace) = (whole.policy.subjects[Int(whole.policy.bindings[index].subjects[0])], whole.policy.bindings[index].namespace)
            let narrowed = escalation(
                random.manifests(without: binding.name) + Self.role("narrowed", rules)
                    + Rbac.bind("narrowed", "narrowed", to: Self.text(subject), in: namespace))
            let bound = try #require(narrowed.policy.bindings.firstIndex { $0.name == "narrowed" })
            #expect(narrowed.techniquesToCluster(ofBinding: bound).map(\.id) == [])
            // What is no part of any technique stays.
            for kept in ["get :configmaps", "list :pods"] where whole.policy.roles[role].rules.contains(where: { Self.isWritten(kept, $0) }) {
                #expect(narrowed.policy.roles[try #require(narrowed.policy.bindings[bound].role)].rules.contains { Self.isWritten(kept, $0) })
            }
        }
    }

    private static func isWritten(_ text: String, _ rule: EffectiveRule) -> Bool {
        let verbs = (try? rule.rule.verbs.strings()) ?? []
        let resources = (try? rule.rule.resources.strings()) ?? []
        return "\(verbs.joined(separator: ",")) :\(resources.joined(separator: ","))" == text
    }

    private static func role(_ name: String, _ rules: [RemainingRule]) -> String {
        let lines = rules.map { rule in
            "- {apiGroups: \(rule.apiGroups), resources: \(rule.resources), verbs: \(rule.verbs), resourceNames: \(rule.resourceNames), "
                + "nonResourceURLs: \(rule.nonResourceURLs)}\n"
        }
        return "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: \(name)}\nrules:\n\(lines.joined())"
    }

    private static func text(_ subject: AccessSubject) -> String {
        subject.kind == .serviceAccount ? "\(subject.namespace)/\(subject.name)" : "\(subject.kind.rawValue) \(subject.name)"
    }

    @Test func wildcardsCannotBeNarrowed() throws {
        let analysis = escalation(
            Rbac.bind("ann", "cluster-admin", to: "User ann") + Rbac.clusterRole("w", "* :secrets") + Rbac.bind("bob", "w", to: "User bob"))
        for name in ["ann", "bob"] {
            let binding = try #require(analysis.policy.bindings.firstIndex { $0.name == name })
            #expect(analysis.remainingRules(ofBinding: binding) == nil)
        }
    }

    // MARK: - Single cases

    @Test func theNearestBindingIsCut() {
        let analysis = escalation(
            Rbac.boss + Rbac.namespace("shop", enforce: "restricted") + Rbac.role("shop", "t", "create :serviceaccounts/token")
                + Rbac.bind("ann", "Role/t", to: "User ann", in: "shop") + Rbac.bind("bob", "Role/t", to: "User bob", in: "shop"))
        #expect(analysis.cutText(.user("ann")) == "binding ann")
        #expect(analysis.savings.map { "\(analysis.text($0.cut)) \($0.subjects)" } == ["binding boss 3", "binding ann 1", "binding bob 1"])
    }

    @Test func whatRemainsIsSaid() {
        let analysis = escalation(
            Rbac.bind("one", "cluster-admin", to: "User ann") + Rbac.bind("two", "cluster-admin", to: "User ann")
                + Rbac.bind("three", "cluster-admin", to: "Group system:authenticated"))
        #expect(analysis.cutText(.user("ann")) == "binding one and 2 more")
        #expect(analysis.cutText(.group("system:authenticated")) == "binding three")
    }

    /// Of two bindings that a technique needs together either is a cut, unless another one would do in its stead.
    @Test func partsOfACombination() {
        let parts =
            Rbac.clusterRole("b", "bind rbac:clusterroles") + Rbac.bind("one", "b", to: "User ann")
            + Rbac.clusterRole("c", "create rbac:clusterrolebindings") + Rbac.bind("two", "c", to: "User ann")
        let analysis = escalation(parts)
        #expect(analysis.path(of: analysis.subject(.user("ann")) ?? -1)?.cuts.map(analysis.text) == ["binding one", "binding two"])
        let doubled = escalation(parts + Rbac.bind("again", "b", to: "User ann"))
        #expect(doubled.path(of: doubled.subject(.user("ann")) ?? -1)?.cuts.map(doubled.text) == ["binding two"])
    }

    // MARK: - What the API server makes

    @Test func componentsAreListedApart() {
        let analysis = escalation(Rbac.bind("view", "view", to: "User ann"))
        #expect(analysis.exposed.isEmpty)
        #expect(analysis.inherent.contains { analysis.subjects[$0] == .group("system:masters") })
        #expect(analysis.inherent.contains { analysis.subjects[$0] == .account("kube-system", "clusterrole-aggregation-controller") })
        #expect(analysis.inherent.allSatisfy { analysis.path(of: $0)?.cut == nil })
    }

    /// The scheduler and others have rights that lead to whatever customers made; that does not make them a customer's fault.
    @Test func componentsAreNotBlamedOnWhatOthersMade() {
        let analysis = escalation(Rbac.boss + Rbac.pod("shop/web", account: "boss"))
        #expect(analysis.exposed.map { analysis.subjects[$0] } == [.account("shop", "boss")])
    }

    @Test func aSubjectAddedToADefaultBinding() {
        let analysis = escalation(
            Rbac.bind("cluster-admin", "cluster-admin", to: "Group system:masters+Group system:unauthenticated")
                + Rbac.clusterRole("cluster-admin", "* *:*"))
        #expect(analysis.exposed.map { analysis.subjects[$0] } == [.group("system:unauthenticated")])
        #expect(analysis.cutText(.group("system:unauthenticated")) == "binding cluster-admin")
    }

    @Test func aRuleAddedToADefaultRole() {
        let analysis = escalation(
            Self.basicUser + Rbac.bind("system:discovery", "system:discovery", to: "Group system:authenticated")
                + Rbac.clusterRole("system:discovery", "get :pods", "* *:*"))
        #expect(analysis.exposed.contains { analysis.subjects[$0] == .group("system:authenticated") })
        #expect(analysis.cutText(.group("system:authenticated")) == "rule system:discovery#1")
    }

    /// A label adds the rule to `view`; those bound to it by a customer's binding can be cut there.
    @Test func aRuleAddedByALabel() {
        let more = """
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: more, labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}}
            rules: [{apiGroups: [""], resources: [serviceaccounts/token], verbs: [create]}]

            """
        let analysis = escalation(
            more + Rbac.boss + Rbac.namespace("shop", enforce: "restricted") + Rbac.bind("v", "view", to: "User ann", in: "shop"))
        #expect(analysis.way(.user("ann")) == "create-tokens(v) > ServiceAccount shop/boss > full-access(boss) > cluster")
        #expect(analysis.path(of: analysis.subject(.user("ann")) ?? -1)?.cuts.map(analysis.text).prefix(1) == ["binding v"])
    }

    private static let basicUser = Rbac.bind("system:basic-user", "system:basic-user", to: "Group system:authenticated")
}
