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
