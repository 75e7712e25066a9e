import Documents
import Kubernetes
import Testing

@testable import Reachability

/// Where workloads stand, as controls ask about it.
struct StandingTests {
    private func standing(_ manifest: String) -> NetworkStanding {
        Inventory(SourceObjects(DocumentTree.parse(manifest).tree).objects).analysis()
    }

    private func policy(_ spec: String, namespace: String = "shop") -> String {
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: \(namespace)}, spec: \(spec)}\n---\n"
    }

    private let pod =
        "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {containers: [{name: a, image: b}]}}\n---\n"

    /// What is open to a Pod that nobody has named.
    @Test(arguments: [
        ("", "all"),
        ("{podSelector: {}}", "none"),
        ("{podSelector: {}, policyTypes: [Egress]}", "all"),
        ("{podSelector: {}, ingress: [{}]}", "all"),
        ("{podSelector: {}, ingress: [{ports: [{port: 80}]}]}", "TCP 80"),
        ("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}", "none"),
        ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]}", "TCP 80"),
        ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}", "none"),
        ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [a]}]}}]}]}", "all"),
        ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]}]}", "all"),
        (
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: "
                + "{matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [a]}]}}]}]}", "all"
        ),
        ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: a}}}]}]}", "none"),
        ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}]}]}", "none"),
        ("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}", "none"),
        ("{podSelector: {matchLabels: {app: other}}}", "all"),
    ])
    func strangersAreKnown(spec: String, expected: String) {
        let standing = standing(pod + (spec.isEmpty ? "" : policy(spec)))
        #expect(standing.strangerIngress(of: 0).description == expected)
    }

    @Test func administratorsDecideAboutStrangersToo() {
        func admin(_ kind: String, _ name: String, _ priority: String, _ rules: String) -> String {
            "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: \(kind), metadata: {name: \(name)}, "
                + "spec: {\(priority)subject: {namespaces: {}}, ingress: [\(rules)]}}\n---\n"
        }
        let deny = "{action: Deny, from: [{namespaces: {}}]}"
        let allow = "{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 80}}]}"
        let baseline = admin("BaselineAdminNetworkPolicy", "default", "", deny)
        #expect(standing(pod + baseline).strangerIngress(of: 0).isEmpty)
        #expect(standing(pod + baseline + admin("AdminNetworkPolicy", "a", "priority: 1, ", allow)).strangerIngress(of: 0).description == "TCP 80")
        let own = policy("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 90}]}]}")
        #expect(standing(pod + baseline + own).strangerIngress(of: 0).description == "TCP 90", "a NetworkPolicy takes the baseline's place")
        #expect(standing(pod + baseline).closesNewPods(in: "shop", .ingress) && !standing(pod + baseline).closesNewPods(in: "shop", .egress))
        #expect(!standing(pod + own).closesNewPods(in: "shop", .ingress) && !standing(pod).closesNewPods(in: "nowhere", .ingress))
    }

    /// As if such a Pod were there.
    @Test(arguments: 0..<60)
    func strangersAreWhatAnUnknownPodWouldBe(seed: Int) throws {
        let manifest = RandomEstate(seed: seed + 21_000).estate.manifest
        let stranger = "\n---\n{apiVersion: v1, kind: Pod, metadata: {name: stranger, namespace: white}, spec: {containers: [{name: a, image: b}]}}"
        let plain = standing(manifest)
        let model = model(manifest + stranger)
        let place = try #require(model.number(ofWorkload: "white/stranger[Pod]"))
        let group = try #require(model.workloads[place].groups.first)
        for (index, workload) in plain.model.workloads.enumerated() {
            let same = try #require(model.number(ofWorkload: workload.description))
            let expected = model.workloads[same].groups.reduce(ConnectionSet.none) { union, destination in
                union.union(model.ingress.kind(of: destination).pods.connections { $0.contains(group) })
            }
            #expect(plain.strangerIngress(of: index) == expected, "seed \(seed): \(workload)\n\(manifest)")
        }
    }

    // MARK: - Names

    private let dns = """
        {apiVersion: v1, kind: Pod, metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}, spec: {containers: [{name: d, image: e,
          ports: [{name: dns, protocol: UDP, containerPort: 1053}]}]}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: kube-dns, namespace: kube-system}, spec: {selector: {k8s-app: kube-dns},
          ports: [{name: dns, protocol: UDP, port: 53, targetPort: dns}]}}
        ---

        """

    @Test(arguments: [
        ("", NetworkStanding.NameLookup.open, NetworkStanding.NameLookup.open),
        ("{podSelector: {}, policyTypes: [Egress]}", .unneeded, .unneeded),
        ("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 443}]}]}", .unneeded, .unneeded),
        // There may be a resolver.
        ("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24}}]}, {to: [{podSelector: {}}], ports: [{port: 80}]}]}", .open, .open),
        ("{podSelector: {}, egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]}", .cutOff, .cutOff),
        ("{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}", .cutOff, .open),
        ("{podSelector: {}, egress: [{to: [{namespaceSelector: {}}], ports: [{protocol: UDP, port: 1053}]}]}", .open, .cutOff),
        (
            "{podSelector: {}, egress: [{to: [{namespaceSelector: {}}], ports: [{protocol: UDP, port: dns}]}, {to: [{podSelector: {}}]}]}", .open,
            .open
        ),
        (
            "{podSelector: {}, egress: [{to: [{podSelector: {}}]}, {to: [{ipBlock: {cidr: 169.254.20.10/32}}], ports: [{protocol: UDP, port: 53}]}]}",
            .open, .open
        ),
        ("{podSelector: {}, egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}, {ports: [{protocol: UDP, port: 53}]}]}", .open, .open),
    ])
    func namesAreLookedUpWhereDNSIs(spec: String, known: NetworkStanding.NameLookup, unknown: NetworkStanding.NameLookup) throws {
        let own = pod + pod.replacing("name: web", with: "name: other") + (spec.isEmpty ? "" : policy(spec))
        for (manifest, expected) in [(dns + own, known), (own, unknown)] {
            let standing = standing(manifest)
            let web = try #require(standing.model.number(ofWorkload: "shop/web[Pod]"))
            #expect(standing.nameLookup(of: web) == expected, "\(spec)")
        }
    }

    // MARK: - Services

    @Test(arguments: [
        ("{podSelector: {}}", [80, 443, 53]), ("{podSelector: {}, ingress: [{ports: [{port: http}]}]}", [443, 53]),
        (
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {no: body}}}], ports: [{port: 8443}, {protocol: UDP, port: 53}]}]}",
            [80]
        ),
        ("{podSelector: {}, policyTypes: [Egress]}", []), ("{podSelector: {matchLabels: {app: other}}}", []),
    ])
    func servicesWithoutClientsAreFound(spec: String, closed: [Int64]) throws {
        let manifest = """
            {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [
              {name: a, port: 80, targetPort: http}, {name: b, port: 443, targetPort: 8443}, {name: c, port: 53, protocol: UDP}, {name: d, port: 70, targetPort: gopher}]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}},
             spec: {containers: [{name: a, image: b, ports: [{name: http, containerPort: 8080}]}]}}
            ---

            """
        let found = try standing(manifest + policy(spec)).closedPorts(ofService: 0)
        #expect(try found.map { try $0["port"].int() } == closed)
        #expect(try standing(manifest + policy(spec)).closedPorts(ofService: 1).isEmpty, "what is no Service serves nothing")
    }

    // MARK: - Addresses

    @Test(arguments: [
        (["0.0.0.0/0"], true), (["0.0.0.0/1", "128.0.0.0/1"], true), (["0.0.0.0/1"], false), (["128.0.0.0/1", "64.0.0.0/2"], true),
        (["10.0.0.0/8"], false),
        (["::/0"], true), (["2000::/3"], true), (["2000::/4"], false), (["fc00::/7"], false), ([], false),
    ])
    func mostOfTheInternetIsMoreThanHalf(blocks: [String], isMost: Bool) throws {
        let set = try blocks.reduce(AddressSet.empty) { $0.union(AddressSet(try #require(AddressRange($1)))) }
        #expect(set.isMostOfInternet == isMost)
    }

    @Test func portsAreAddedUpOverParts() {
        let half = AddressSet(v4: IntervalSet(0...(UInt32.max / 2))), other = AddressSet(v4: IntervalSet((UInt32.max / 2 + 1)...UInt32.max))
        let parts = [
            ExternalConnections(addresses: half, connections: ConnectionSet(tcp: PortSet([80...80, 443...443]))),
            ExternalConnections(addresses: other, connections: ConnectionSet(tcp: PortSet(80...90))),
        ]
        #expect(parts.openToInternet.description == "TCP 80")
        #expect([ExternalConnections(addresses: .everything, connections: .all)].openToInternet.isAll)
        #expect([ExternalConnections]().openToInternet.isEmpty)
    }
}
