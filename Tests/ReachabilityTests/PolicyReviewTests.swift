import Documents
import Kubernetes
import Testing

@testable import Reachability

/// What single rules of policies open, and which of them decide nothing.
struct PolicyReviewTests {
    private func review(_ manifest: String) -> PolicyReview {
        Inventory(SourceObjects(DocumentTree.parse(manifest).tree).objects).analysis()
    }

    private func policy(_ spec: String, name: String = "p") -> String {
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: \(name), namespace: shop}, spec: \(spec)}\n---\n"
    }

    private func admin(_ name: String, _ priority: Int, _ rules: String, subject: String = "{namespaces: {}}") -> String {
        "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: \(name)}, "
            + "spec: {priority: \(priority), subject: \(subject), \(rules)}}\n---\n"
    }

    private let pods = """
        {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {containers: [{name: a, image: b}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: data, labels: {app: db}}, spec: {containers: [{name: a, image: b}]}}
        ---

        """

    // MARK: - Rules of one policy against each other

    @Test(arguments: [
        ("[{ports: [{port: 80}]}, {ports: [{port: 80}]}]", [1]),
        ("[{ports: [{port: 80}]}, {ports: [{port: 1, endPort: 90}]}]", [0]),
        ("[{}, {from: [{podSelector: {}}]}, {from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: http}]}]", [1, 2]),
        ("[{ports: [{port: http}]}, {ports: [{port: 80}]}]", []),
        ("[{ports: [{port: http}]}, {from: [{podSelector: {}}], ports: [{port: http}]}]", [1]),
        ("[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}, {from: [{ipBlock: {cidr: 10.1.0.0/16}}, {ipBlock: {cidr: 10.2.0.0/16}}]}]", [1]),
        ("[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.2.0.0/16]}}]}, {from: [{ipBlock: {cidr: 10.2.0.0/16}}]}]", []),
        ("[{from: [{podSelector: {matchLabels: {a: b}}}]}, {from: [{podSelector: {matchLabels: {a: c}}}]}]", []),
    ])
    func coveredRulesAreFound(ingress: String, covered: [Int]) throws {
        let review = review(policy("{podSelector: {}, ingress: \(ingress)}"))
        let rules = Array(try review.model.objects[0].spec["ingress"].items())
        #expect(review.coveredRules(of: 0).map(\.rule.identity) == covered.map { rules[$0].identity })
    }

    @Test func aPolicyOfThousandsOfRulesIsNotComparedWithItself() {
        let rules = (0..<5000).map { "{ports: [{port: \($0 % 100 + 1)}]}" }.joined(separator: ", ")
        #expect(review(policy("{podSelector: {}, ingress: [\(rules)]}")).coveredRules(of: 0).isEmpty)
    }

    // MARK: - Peers

    @Test(arguments: [
        ("{podSelector: {matchLabels: {app: web}}}", false), ("{podSelector: {matchLabels: {app: wbe}}}", true), ("{podSelector: {}}", false),
        ("{namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}", false),
        ("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}, podSelector: {matchLabels: {app: web}}}", true),
        // A namespace that the estate does not hold may hold anything.
        ("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: elsewhere}}, podSelector: {matchLabels: {app: web}}}", false),
        ("{ipBlock: {cidr: 192.0.2.0/24}}", false),
    ])
    func peersThatMatchNoPodAreFound(peer: String, isUnmatched: Bool) {
        let review = review(policy("{podSelector: {}, ingress: [{from: [{podSelector: {}}, \(peer)]}]}") + pods)
        #expect(review.unmatchedPeers(of: 0).map(\.fieldPath) == (isUnmatched ? ["spec.ingress[0].from[1]"] : []))
    }

    @Test(arguments: [
        ("10.1.0.64/26", true), ("10.1.0.0/24", true), ("10.1.0.0/23", false), ("10.9.0.7/32", true), ("10.9.0.8/32", false), ("0.0.0.0/0", false),
    ])
    func blocksOfPodsAreFound(block: String, isFound: Bool) {
        let estate = """
            {apiVersion: v1, kind: Node, metadata: {name: node}, spec: {podCIDR: 10.1.0.0/24, podCIDRs: [10.1.0.0/24, "fd00:1::/64"]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: x, namespace: shop}, spec: {}, status: {podIP: 10.9.0.7}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: host, namespace: shop}, spec: {hostNetwork: true}, status: {podIP: 10.9.0.8}}
            """
        let review = review(policy("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: \(block)}}]}]}") + estate)
        #expect(review.blocksOfPods(of: 0).map(\.text) == (isFound ? [block] : []))
    }

    // MARK: - What rules open

    private let metadata = AddressSet(v4: IntervalSet(0xA9FE_A9FE))

    @Test(arguments: [
        ("{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}", ["spec.egress[0].to[0].ipBlock.cidr"]),
        ("{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}", []),
        ("{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}", []),
        ("{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 70, endPort: 90}]}", ["spec.egress[0].to[0].ipBlock.cidr"]),
        ("{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80, protocol: UDP}]}", []),
        ("{ports: [{port: 80}]}", ["spec.egress[0]"]), ("{ports: [{protocol: TCP}]}", ["spec.egress[0]"]), ("{}", []),
        ("{to: [{podSelector: {}}, {ipBlock: {cidr: 169.254.0.0/16}}]}", ["spec.egress[0].to[1].ipBlock.cidr"]),
    ])
    func egressIsFoundAtItsRule(rule: String, places: [String]) {
        for estate in ["", pods] {
            let review = review(policy("{podSelector: {}, policyTypes: [Egress], egress: [\(rule)]}") + estate)
            #expect(review.egress(of: 0, to: metadata, MetadataService.connections).map(\.place.fieldPath) == places)
        }
    }

    @Test func whatAnotherPolicyKeepsPodsFromIsNotOpen() {
        let open = policy("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}") + pods
        func places(_ more: String) -> Int {
            let review = review(open + more)
            let own = review.model.policies.firstIndex { $0.tier == .namespace } ?? 0
            return review.egress(of: own, to: metadata, MetadataService.connections).count
        }
        let deny = "egress: [{action: Deny, to: [{networks: [169.254.169.254/32]}]}]"
        #expect(places("") == 1 && places(admin("a", 1, deny)) == 0)
        let elsewhere = "{pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}, podSelector: {}}}"
        #expect(places(admin("a", 1, deny, subject: elsewhere)) == 1)
        let pass = "egress: [{action: Pass, to: [{networks: [169.254.0.0/16]}]}, {action: Deny, to: [{networks: [169.254.169.254/32]}]}]"
        #expect(places(admin("a", 1, pass)) == 1)
    }

    @Test func whatNoEntryServesIsTooMuch() throws {
        let service =
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}}\n---\n"
        let wide = policy(
            "{podSelector: {}, ingress: [{ports: [{port: 8443}]}, {ports: [{port: 8000, endPort: 8999}]}, {from: [{podSelector: {}}]}]}")
        let found = review(wide + pods + service).excessIngress(of: 0)
        #expect(found.map(\.rule.fieldPath) == ["spec.ingress[1]"])
        #expect(found.first?.connections.description == "TCP 8000-8442,8444-8999" && found.first?.served.description == "TCP 8443")
        #expect(review(wide + pods).excessIngress(of: 0).isEmpty, "nothing from outside leads there")
    }

    // MARK: - Administrators' rules

    private let denyData = "ingress: [{action: Deny, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: data}}}]}]"
    private let allowAll = "ingress: [{action: Allow, from: [{namespaces: {}}]}]"

    @Test func aDenyBehindAnAllowNeverDecides() throws {
        let review = review(admin("late", 20, denyData) + admin("early", 10, allowAll) + pods)
        let late = try #require(try review.policy(ofObject: 0))
        let found = try #require(review.preemptedRules(of: late).first)
        #expect(found.action == .deny && found.byAction == .allow && found.byPolicy == 1 && found.rule.fieldPath == "spec.ingress[0]")
        #expect(review.preemptedRules(of: try #require(try review.policy(ofObject: 1))).isEmpty)
    }

    @Test(arguments: [
        // The other way round the Deny decides first, and the Allow what is left.
        (10, 20, "{namespaces: {}}", "ingress: [{action: Allow, from: [{namespaces: {}}]}]"),
        // Which of two with one priority comes first is undefined.
        (10, 10, "{namespaces: {}}", "ingress: [{action: Allow, from: [{namespaces: {}}]}]"),
        (20, 10, "{namespaces: {matchLabels: {kubernetes.io/metadata.name: data}}}", "ingress: [{action: Allow, from: [{namespaces: {}}]}]"),
        (20, 10, "{namespaces: {}}", "ingress: [{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {port: 80}}]}]"),
        (20, 10, "{namespaces: {}}", "ingress: [{action: Deny, from: [{namespaces: {}}]}]"),
        (20, 10, "{namespaces: {}}", "egress: [{action: Allow, to: [{namespaces: {}}]}]"),
    ])
    func othersDo(late: Int, early: Int, subject: String, rules: String) throws {
        let review = review(admin("late", late, denyData) + admin("early", early, rules, subject: subject) + pods)
        #expect(review.preemptedRules(of: try #require(try review.policy(ofObject: 0))).isEmpty)
    }

    @Test func anAllowPassesOverTheNamespacesPolicies() throws {
        let closed = policy("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]}", name: "closed")
        func overrides(_ rules: String, _ own: String) throws -> [PolicyReview.Override] {
            let review = review(admin("a", 1, rules) + own + pods)
            return review.overridingRules(of: try #require(try review.policy(ofObject: 0)))
        }
        let found = try overrides(allowAll, closed)
        #expect(found.map(\.rule.fieldPath) == ["spec.ingress[0]"] && found.first?.others == 0 && found.first?.connections.isAll == true)
        #expect(try overrides("ingress: [{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {port: 80}}]}]", closed).isEmpty)
        #expect(try overrides("ingress: [{action: Pass, from: [{namespaces: {}}]}]", closed).isEmpty)
        #expect(try overrides("ingress: [{action: Deny, from: [{namespaces: {}}]}]", closed).isEmpty)
        #expect(try overrides(allowAll, "").isEmpty, "there is nothing to pass over")
        #expect(try overrides("egress: [{action: Allow, to: [{namespaces: {}}]}]", policy("{podSelector: {}, policyTypes: [Egress]}")).count == 1)
    }

    @Test func whatTheServerRefusesIsNoPolicy() throws {
        let review = review(policy("{podSelector: {}, ingress: [{from: [{}]}]}") + pods)
        #expect(throws: WrongType.self) { try review.policy(ofObject: 0) }
        #expect(try self.review(policy("{podSelector: {}}") + policy("{podSelector: {}}")).policy(ofObject: 0) == nil, "a later one replaces it")
    }
}
