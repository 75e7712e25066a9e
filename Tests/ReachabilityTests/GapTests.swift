import Documents
import Kubernetes
import Reachability
import Testing

/// What the API server would refuse, or nobody can know, is a gap with its place; nothing crashes, and the rest is judged.
struct GapTests {
    private static func policy(_ spec: String) -> String {
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: one}\nspec:\n  podSelector: {}\n  \(spec)\n"
    }

    /// A policy's spec, and the path and the words of its gap.
    private static let refused: [(String, String, String)] = [
        ("policyTypes: [Ingress, Sideways]", "spec.policyTypes[1]", "Ingress or Egress"),
        ("policyTypes: Ingress", "spec.policyTypes", "a sequence"),
        ("ingress: {}", "spec.ingress", "a sequence"),
        ("ingress: [from]", "spec.ingress[0]", "a mapping"),
        ("ingress: [{from: [{}]}]", "spec.ingress[0].from[0]", "podSelector, namespaceSelector or ipBlock"),
        ("ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]", "spec.ingress[0].from[0]", "not both"),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0}}]}]", "spec.ingress[0].from[0].ipBlock.cidr", "a block of addresses"),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]", "spec.ingress[0].from[0].ipBlock.cidr", "a block of addresses"),
        ("ingress: [{from: [{ipBlock: {cidr: 300.0.0.0/8}}]}]", "spec.ingress[0].from[0].ipBlock.cidr", "a block of addresses"),
        ("ingress: [{from: [{ipBlock: {except: [10.0.0.0/8]}}]}]", "spec.ingress[0].from[0].ipBlock", "a block of addresses"),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]", "spec.ingress[0].from[0].ipBlock.except[0]", "inside the cidr"),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]", "spec.ingress[0].from[0].ipBlock.except[0]", "inside the cidr"),
        (
            "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [\"fd00::/8\"]}}]}]", "spec.ingress[0].from[0].ipBlock.except[0]",
            "inside the cidr"
        ),
        ("ingress: [{ports: [{port: 0}]}]", "spec.ingress[0].ports[0].port", "1 to 65535"),
        ("ingress: [{ports: [{port: -1}]}]", "spec.ingress[0].ports[0].port", "1 to 65535"),
        ("ingress: [{ports: [{port: 65536}]}]", "spec.ingress[0].ports[0].port", "1 to 65535"),
        ("ingress: [{ports: [{port: 99999999999999999999}]}]", "spec.ingress[0].ports[0].port", "an integer"),
        ("ingress: [{ports: [{port: 80.5}]}]", "spec.ingress[0].ports[0].port", "an integer"),
        ("ingress: [{ports: [{port: 80, endPort: 79}]}]", "spec.ingress[0].ports[0].endPort", "no lower than port"),
        ("ingress: [{ports: [{port: http, endPort: 90}]}]", "spec.ingress[0].ports[0].endPort", "where the port is a name"),
        ("ingress: [{ports: [{endPort: 90}]}]", "spec.ingress[0].ports[0].endPort", "where there is no port"),
        ("ingress: [{ports: [{port: \"80\"}]}]", "spec.ingress[0].ports[0].port", "the name of a port"),
        ("ingress: [{ports: [{port: a-much-too-long-name}]}]", "spec.ingress[0].ports[0].port", "the name of a port"),
        ("ingress: [{ports: [{port: -x}]}]", "spec.ingress[0].ports[0].port", "the name of a port"),
        ("ingress: [{ports: [{port: 80, protocol: tcp}]}]", "spec.ingress[0].ports[0].protocol", "TCP, UDP or SCTP"),
        ("ingress: [{ports: [{protocol: ICMP}]}]", "spec.ingress[0].ports[0].protocol", "TCP, UDP or SCTP"),
        ("ingress: [{ports: 80}]", "spec.ingress[0].ports", "a sequence"),
        (
            "egress: [{to: [{podSelector: {matchExpressions: [{key: a, operator: Equals, values: [b]}]}}]}]",
            "spec.egress[0].to[0].podSelector.matchExpressions[0].operator", "In, NotIn"
        ),
        (
            "egress: [{to: [{namespaceSelector: {matchLabels: {\"not a key\": x}}}]}]",
            "spec.egress[0].to[0].namespaceSelector.matchLabels.not a key", "label key"
        ),
        ("egress: [{to: [{podSelector: [a]}]}]", "spec.egress[0].to[0].podSelector", "a mapping"),
    ]

    @Test(arguments: refused)
    func whatTheServerRefusesIsAGap(spec: String, path: String, words: String) throws {
        let model = model(NetworkPolicyTests.pods + "---\n" + Self.policy(spec))
        let gap = try #require(model.gaps.first)
        #expect(model.gaps.count == 1 && gap.reason == .wrongType)
        #expect(gap.place.fieldPath == path, "\(gap.place.fieldPath)")
        #expect(gap.message.contains(words), "\(gap.message)")
        #expect(gap.place.position.line > 20 && gap.place.source == "estate.yaml")
        // The policy is not in the cluster, so it closes nothing.
        #expect(lines(model).contains("one/a[Pod] → one/b[Pod]: all"))
    }

    private static func cluster(_ kind: String, _ spec: String, name: String = "default") -> String {
        let version = kind == "ClusterNetworkPolicy" ? "v1alpha2" : "v1alpha1"
        return "apiVersion: policy.networking.k8s.io/\(version)\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: {\(spec)}\n"
    }

    private static let everyone = "subject: {namespaces: {}}"
    private static let from = "from: [{namespaces: {}}]"

    private static let refusedCluster: [(String, String)] = [
        (cluster("AdminNetworkPolicy", "\(everyone)"), "0 to 1000"), (cluster("AdminNetworkPolicy", "priority: 1001, \(everyone)"), "0 to 1000"),
        (cluster("AdminNetworkPolicy", "priority: -1, \(everyone)"), "0 to 1000"),
        (cluster("AdminNetworkPolicy", "priority: 1"), "either namespaces or pods"),
        (
            cluster("AdminNetworkPolicy", "priority: 1, subject: {namespaces: {}, pods: {podSelector: {}, namespaceSelector: {}}}"),
            "either namespaces or pods"
        ),
        (cluster("AdminNetworkPolicy", "priority: 1, \(everyone), ingress: [{action: Accept, \(from)}]"), "Allow, Deny or Pass"),
        (cluster("AdminNetworkPolicy", "priority: 1, \(everyone), ingress: [{action: Allow}]"), "one peer at least"),
        (
            cluster("AdminNetworkPolicy", "priority: 1, \(everyone), ingress: [{action: Allow, from: [{networks: [10.0.0.0/8]}]}]"),
            "either namespaces or pods"
        ),
        (cluster("AdminNetworkPolicy", "priority: 1, \(everyone), egress: [{action: Allow, to: [{networks: [10.0.0.0]}]}]"), "a block of addresses"),
        (cluster("AdminNetworkPolicy", "priority: 1, \(everyone), egress: [{action: Allow, to: [{networks: []}]}]"), "one block at least"),
        (cluster("AdminNetworkPolicy", "priority: 1, \(everyone), egress: [{action: Allow, to: [{somewhere: {}}]}]"), "one of namespaces"),
        (
            cluster("AdminNetworkPolicy", "priority: 1, \(everyone), ingress: [{action: Deny, \(from), ports: [{portRange: {start: 9, end: 8}}]}]"),
            "no lower than start"
        ),
        (
            cluster("AdminNetworkPolicy", "priority: 1, \(everyone), ingress: [{action: Deny, \(from), ports: [{portNumber: {protocol: TCP}}]}]"),
            "1 to 65535"
        ),
        (cluster("AdminNetworkPolicy", "priority: 1, \(everyone), ingress: [{action: Deny, \(from), ports: [{}]}]"), "one of portNumber"),
        (cluster("AdminNetworkPolicy", "priority: 1, \(everyone), ingress: [{action: Deny, \(from), protocols: [{tcp: {}}]}]"), "no such field"),
        (cluster("BaselineAdminNetworkPolicy", "\(everyone), ingress: [{action: Pass, \(from)}]"), "Allow or Deny"),
        (cluster("BaselineAdminNetworkPolicy", "\(everyone)", name: "mine"), "default"),
        (cluster("ClusterNetworkPolicy", "priority: 1, \(everyone)"), "Admin or Baseline"),
        (cluster("ClusterNetworkPolicy", "tier: Top, priority: 1, \(everyone)"), "Admin or Baseline"),
        (cluster("ClusterNetworkPolicy", "tier: Admin, priority: 1, \(everyone), ingress: [{action: Allow, \(from)}]"), "Accept, Deny or Pass"),
        (
            cluster(
                "ClusterNetworkPolicy", "tier: Admin, priority: 1, \(everyone), ingress: [{action: Deny, \(from), ports: [{portNumber: {port: 1}}]}]"),
            "no such field"
        ),
        (
            cluster(
                "ClusterNetworkPolicy",
                "tier: Admin, priority: 1, \(everyone), ingress: [{action: Deny, \(from), protocols: [{tcp: {destinationPort: {number: 1, range: {start: 1, end: 2}}}}]}]"
            ), "either number or range"
        ),
    ]

    @Test(arguments: refusedCluster)
    func clusterPoliciesThatTheServerRefuses(policy: String, words: String) throws {
        let model = model(NetworkPolicyTests.pods + "---\n" + policy)
        #expect(model.gaps.count == 1 && model.gaps.first?.reason == .wrongType)
        #expect(try #require(model.gaps.first).message.contains(words), "\(model.gaps[0].message)")
        #expect(model.policyCount == 0)
    }

    @Test(arguments: [
        ("cilium.io/v2", "CiliumNetworkPolicy"), ("projectcalico.org/v3", "GlobalNetworkPolicy"), ("projectcalico.org/v3", "NetworkPolicy"),
        ("crd.antrea.io/v1beta1", "ClusterNetworkPolicy"), ("k8s.ovn.org/v1", "EgressFirewall"), ("policy.example.com/v1", "MyNetworkPolicy"),
    ])
    func policiesOfOtherKindsAreGaps(version: String, kind: String) throws {
        let policy = "---\napiVersion: \(version)\nkind: \(kind)\nmetadata: {name: p, namespace: one}\nspec: {}\n"
        let model = model(NetworkPolicyTests.pods + policy)
        let gap = try #require(model.gaps.first)
        #expect(model.gaps.count == 1 && gap.reason == .unreadKind && gap.message.contains(kind) && gap.place.fieldPath == "kind")
        #expect(lines(model).contains("one/a[Pod] → one/b[Pod]: all"))
    }

    @Test func draftsOfPoliciesAreNone() {
        let policy = "---\napiVersion: projectcalico.org/v3\nkind: StagedNetworkPolicy\nmetadata: {name: p, namespace: one}\n"
        #expect(model(NetworkPolicyTests.pods + policy).gaps.isEmpty)
    }

    /// Which of two is asked first is undefined, unless no Pod or no direction is under both.
    @Test(arguments: [
        ("{namespaces: {}}", "ingress", 1, true), ("{namespaces: {}}", "egress", 1, false), ("{namespaces: {}}", "ingress", 2, false),
        ("{namespaces: {matchLabels: {team: blue}}}", "ingress", 1, false),
    ])
    func equalPrioritiesAreUndefined(subject: String, direction: String, priority: Int, isGap: Bool) throws {
        let one = Self.cluster("AdminNetworkPolicy", "priority: 1, \(Self.everyone), ingress: [{action: Deny, \(Self.from)}]", name: "one")
        let peers = direction == "ingress" ? "from" : "to"
        let two = Self.cluster(
            "AdminNetworkPolicy", "priority: \(priority), subject: \(subject), \(direction): [{action: Allow, \(peers): [{namespaces: {}}]}]",
            name: "two")
        let model = model([NetworkPolicyTests.pods, one, two].joined(separator: "---\n"))
        #expect(model.gaps.map(\.reason) == (isGap ? [.undefined] : []))
        if isGap {
            let gap = try #require(model.gaps.first)
            #expect(gap.message.contains("AdminNetworkPolicy two") && gap.message.contains("AdminNetworkPolicy one"))
            #expect(gap.place.fieldPath == "spec.priority" && gap.message.contains("different priorities"))
        }
    }

    @Test func whatOnlyOthersKnowIsNotObservable() {
        let rules =
            "priority: 1, \(Self.everyone), egress: [{action: Allow, to: [{domainNames: [\"*.example.com\"]}]}, {action: Deny, to: [{nodes: {}}]}]"
        let model = model(NetworkPolicyTests.pods + "---\n" + Self.cluster("AdminNetworkPolicy", rules))
        #expect(model.gaps.map(\.reason) == [.notObservable, .notObservable])
        #expect(model.gaps[0].message.contains("DNS") && model.gaps[1].message.contains("kubectl get nodes"))
        #expect(model.gaps.map(\.place.fieldPath) == ["spec.egress[0].to", "spec.egress[1].to"])
        let hash = Self.policy("ingress: []").replacing("podSelector: {}", with: "podSelector: {matchLabels: {pod-template-hash: x}}")
        let deployment =
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: one}\nspec: {template: {spec: {containers: [{name: c}]}}}\n"
        #expect(estate(hash + "---\n" + deployment).gaps.map(\.reason) == [.notObservable])
        #expect(estate(hash + "---\n" + NetworkPolicyTests.pods).gaps.isEmpty)
    }

    private func estate(_ manifest: String) -> NetworkModel { model(manifest) }

    /// One file may hold the policy of one environment, another that of the next.
    @Test func policiesInSeveralSourcesAreGaps() throws {
        let sources = [("a.yaml", "ingress: []"), ("b.yaml", "ingress: [{}]")].map { name, spec in
            SourceObjects(DocumentTree.parse(Self.policy(spec), source: name).tree).objects
        }
        let pods = SourceObjects(DocumentTree.parse(NetworkPolicyTests.pods, source: "pods.yaml").tree).objects
        let model = NetworkModel(of: Inventory(pods + sources.joined()))
        let gap = try #require(model.gaps.first)
        #expect(
            model.gaps.count == 1 && gap.reason == .duplicateObject && gap.place.source == "a.yaml" && gap.message.contains("NetworkPolicy one/p"))
        #expect(lines(model).contains("one/a[Pod] → one/b[Pod]: all"))
    }

    /// A Pod that cannot be read is left out, the others stay.
    @Test(arguments: [
        "metadata: {name: x, namespace: one, labels: [a]}\nspec: {containers: [{name: c}]}",
        "metadata: {name: x, namespace: one, labels: {a: 1}}\nspec: {containers: [{name: c}]}",
        "metadata: {name: x, namespace: one}\nspec: {containers: [{name: c, ports: [{containerPort: http}]}]}",
        "metadata: {name: x, namespace: one}\nspec: {containers: [{name: c, ports: [{containerPort: 70000}]}]}",
        "metadata: {name: x, namespace: one}\nspec: {containers: [{name: c, ports: [{containerPort: 80, protocol: 7}]}]}",
        "metadata: {name: x, namespace: one}\nspec: {hostNetwork: \"true\", containers: [{name: c}]}",
        "metadata: {name: x, namespace: one, ownerReferences: {a: b}}\nspec: {containers: [{name: c}]}",
        "metadata: {name: x, namespace: one}\nspec: {containers: [{name: c}]}\nstatus: {phase: [Failed]}",
        "metadata: {name: x, namespace: one}\nspec: {containers: [{name: c}]}\nstatus: {podIPs: {ip: 10.0.0.1}}",
    ])
    func podsThatCannotBeReadAreGaps(pod: String) {
        let model = model(NetworkPolicyTests.pods + "---\napiVersion: v1\nkind: Pod\n\(pod)\n")
        #expect(model.gaps.count == 1 && model.gaps[0].place.position.line > 20)
        #expect(model.workloads.map(\.name) == ["a", "b", "c"])
    }

    /// Documents that somebody broke, by hand or by chance.
    @Test func brokenEstatesAreGapsOrStillEstates() {
        var gaps = 0
        for seed in 0..<150 {
            var dice = Dice(seed: seed)
            var text = Array(RandomEstate(seed: seed).estate.manifest.utf8)
            for _ in 0...dice.roll(4) {
                let place = dice.roll(text.count)
                switch dice.roll(4) {
                case 0: text.remove(at: place)
                case 1: text.insert(dice.pick(Array("{}[]:,-/0".utf8)), at: place)
                case 2: text[place] = UInt8(32 + dice.roll(95))
                default: text.replaceSubrange(place..<min(place + dice.roll(40), text.count), with: Array("[1, {a: b}]".utf8))
                }
            }
            let model = NetworkModel(of: Inventory(SourceObjects(DocumentTree.parse(text, source: "broken.yaml").tree).objects))
            for flow in model.flows { #expect(!flow.connections.isEmpty) }
            for gap in model.gaps { #expect(gap.place.position.line > 0 && !gap.message.isEmpty) }
            _ = model.entries()
            gaps += model.gaps.count
        }
        #expect(gaps > 10)
    }
}
