import Reachability
import Testing

/// What the documentation of NetworkPolicies says, sentence by sentence.
struct NetworkPolicyTests {
    /// Pods `a`, `b` in `one` and `c` in `two`; `b` has named ports.
    static let pods = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: one, labels: {team: red}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: one, labels: {app: a, tier: front}}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: one, labels: {app: b}}
        spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: c, namespace: two, labels: {app: c}}
        spec: {containers: [{name: c}]}

        """

    /// A policy of namespace `one` over Pod `b`.
    private static func policy(_ spec: String, pods: String = "{matchLabels: {app: b}}") -> String {
        "\(Self.pods)---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: one}\nspec: {podSelector: \(pods), \(spec)}\n"
    }

    /// The flows to `b`, with what comes from outside.
    private static func arriving(_ manifest: String) -> [String] {
        lines(model(manifest)).filter { $0.contains("→ one/b[Pod]") }.map { $0.replacing(" → one/b[Pod]", with: "").replacing("[Pod]", with: "") }
    }

    private static let everywhere = "0.0.0.0-255.255.255.255"

    private static let ingress: [(String, [String])] = [
        // Without a policy, and with one that selects nobody here, everything is open.
        ("policyTypes: [Egress]", ["\(everywhere): all", "one/a: all", "two/c: all"]),
        ("ingress: []", []), ("policyTypes: [Ingress]", []), ("", []),
        ("ingress: [{}]", ["\(everywhere): all", "one/a: all", "two/c: all"]),
        ("ingress: [{from: []}]", ["\(everywhere): all", "one/a: all", "two/c: all"]),
        ("ingress: [{from: null, ports: null}]", ["\(everywhere): all", "one/a: all", "two/c: all"]),
        ("ingress: [{ports: [{port: 80}]}]", ["\(everywhere): TCP 80", "one/a: TCP 80", "two/c: TCP 80"]),
        ("ingress: [{ports: [{}]}]", ["\(everywhere): TCP", "one/a: TCP", "two/c: TCP"]),
        ("ingress: [{from: [{podSelector: {}}], ports: [{protocol: SCTP}]}]", ["one/a: SCTP"]),
        ("ingress: [{from: [{podSelector: {}}], ports: [{port: 80, endPort: 90}, {port: 85, endPort: 95}]}]", ["one/a: TCP 80-95"]),
        // A named port is what it is on the destination, by name and protocol.
        ("ingress: [{from: [{podSelector: {}}], ports: [{port: http}, {port: dns, protocol: UDP}]}]", ["one/a: TCP 8080; UDP 53"]),
        ("ingress: [{from: [{podSelector: {}}], ports: [{port: dns}, {port: none}]}]", []),
        ("ingress: [{ports: [{port: http}]}]", ["\(everywhere): TCP 8080", "one/a: TCP 8080", "two/c: TCP 8080"]),
        // Selectors: Pods of the own namespace, all Pods of some namespaces, some Pods of some namespaces.
        ("ingress: [{from: [{podSelector: {matchLabels: {app: c}}}]}]", []),
        ("ingress: [{from: [{namespaceSelector: {}}]}]", ["one/a: all", "two/c: all"]),
        ("ingress: [{from: [{namespaceSelector: {matchLabels: {team: red}}}]}]", ["one/a: all"]),
        ("ingress: [{from: [{namespaceSelector: {matchLabels: {team: red}}, podSelector: {matchLabels: {app: c}}}]}]", []),
        ("ingress: [{from: [{namespaceSelector: {matchLabels: {team: red}}}, {podSelector: {matchLabels: {app: c}}}]}]", ["one/a: all"]),
        // Each namespace has its name for a label, also `two`, which is not among the objects.
        ("ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: two}}}]}]", ["two/c: all"]),
        ("ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]}]", ["two/c: all"]),
        ("ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [red]}]}}]}]", ["two/c: all"]),
        ("ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}]}]", ["one/a: all"]),
        (
            "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: In, values: [a, c]}]}}]}]",
            ["one/a: all", "two/c: all"]
        ),
        // Addresses are those outside the cluster.
        (
            "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.255.0.0/16]}}], ports: [{port: 443}]}]",
            ["10.0.0.0-10.0.255.255: TCP 443", "10.2.0.0-10.254.255.255: TCP 443"]
        ),
        ("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", ["\(everywhere): all"]),
        ("ingress: [{from: [{ipBlock: {cidr: 10.1.2.3/8}}]}]", ["10.0.0.0-10.255.255.255: all"]),
        // IPv6 is listed once somebody names it.
        (
            "ingress: [{from: [{ipBlock: {cidr: fd00::/8, except: [fdff::/16]}}, {ipBlock: {cidr: 192.0.2.0/24}}]}]",
            ["192.0.2.0-192.0.2.255: all", "fd00::-fdfe:ffff:ffff:ffff:ffff:ffff:ffff:ffff: all"]
        ),
        // Ports of several rules add up, each for its own peers.
        (
            "ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}, {from: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}]",
            ["one/a: TCP 80; UDP 53", "two/c: UDP 53"]
        ),
    ]

    @Test(arguments: ingress)
    func ingressRules(spec: String, expected: [String]) {
        let manifest = Self.policy(spec)
        #expect(model(manifest).gaps.isEmpty)
        #expect(Self.arriving(manifest) == expected)
    }

    private static let egress: [(String, [String])] = [
        // Without policyTypes a policy is about egress only when it has rules for it, and then about ingress too.
        ("ingress: [{}]", ["\(everywhere): all", "one/a: all", "two/c: all"]),
        ("ingress: [{}], egress: []", ["\(everywhere): all", "one/a: all", "two/c: all"]),
        ("ingress: [{}], policyTypes: []", ["\(everywhere): all", "one/a: all", "two/c: all"]),
        ("ingress: [{}], egress: [{ports: [{port: 80}]}]", ["\(everywhere): TCP 80", "one/a: TCP 80", "two/c: TCP 80"]),
        ("policyTypes: [Egress]", []),
        ("policyTypes: [Ingress], ingress: [{}], egress: [{to: [{podSelector: {}}]}]", ["\(everywhere): all", "one/a: all", "two/c: all"]),
        ("policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}]", ["203.0.113.0-203.0.113.255: TCP 443"]),
        ("policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: two}}}]}]", ["two/c: all"]),
        // A named port leads to whichever Pods have it, and to no address.
        ("policyTypes: [Egress], egress: [{ports: [{port: http}]}]", []),
    ]

    @Test(arguments: egress)
    func egressRules(spec: String, expected: [String]) {
        let leaving = lines(model(Self.policy(spec))).filter { $0.hasPrefix("one/b[Pod] →") }
        #expect(leaving.map { $0.replacing("one/b[Pod] → ", with: "").replacing("[Pod]", with: "") } == expected)
    }

    @Test func egressToNamedPortsIsResolvedByEachDestination() {
        let manifest = Self.policy(
            "policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: web}, {port: 22}]}]", pods: "{matchLabels: {app: a}}")
        let other = """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: d, namespace: two}
            spec: {containers: [{name: c, ports: [{name: web, containerPort: 81}]}, {name: d, ports: [{name: web, containerPort: 82}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: e, namespace: two}
            spec:
              containers: [{name: c, ports: [{name: web, containerPort: 83, protocol: UDP}]}]
              initContainers: [{name: i, ports: [{name: web, containerPort: 84}]}, {name: s, restartPolicy: Always, ports: [{name: web, containerPort: 85}]}]
            """
        let leaving = lines(model(manifest + other)).filter { $0.hasPrefix("one/a[Pod]") }
        #expect(
            leaving == [
                "one/a[Pod] → one/b[Pod]: TCP 22", "one/a[Pod] → two/c[Pod]: TCP 22", "one/a[Pod] → two/d[Pod]: TCP 22,81-82",
                "one/a[Pod] → two/e[Pod]: TCP 22,85",
            ])
    }

    /// Both ends must let a connection.
    @Test func egressAndIngressMeet() {
        let manifest =
            Self.policy("ingress: [{from: [{podSelector: {}}], ports: [{port: 80, endPort: 100}]}]") + """
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: q, namespace: one}
                spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: 90, endPort: 110}]}]}
                """
        #expect(Self.arriving(manifest) == ["one/a: TCP 90-100"])
    }

    @Test func policiesOfOneNamespaceSelectNobodyElse() {
        let manifest = Self.policy("policyTypes: [Ingress]", pods: "{}")
        let reached = Set(lines(model(manifest)).compactMap { $0.split(separator: " → ").last?.split(separator: ":").first.map(String.init) })
        #expect(reached == ["two/c[Pod]", "0.0.0.0-255.255.255.255"])
    }

    /// Policies see a Pod on its node's network as that node: they do not select it, and no selector finds it.
    @Test func podsOnTheNodesNetwork() {
        let host = """
            apiVersion: v1
            kind: Pod
            metadata: {name: h, namespace: one, labels: {app: b}}
            spec: {hostNetwork: true, containers: [{name: c, ports: [{name: http, containerPort: 9100}]}]}
            status: {hostIP: 192.0.2.10, podIP: 192.0.2.10}
            ---

            """
        let closed = model(
            host + Self.policy("policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}], egress: [{to: [{podSelector: {}}]}]"))
        #expect(!lines(closed).contains { $0.contains("one/h[Pod] → one/b[Pod]") || $0.contains("one/b[Pod] → one/h[Pod]") })
        #expect(lines(closed).contains("one/a[Pod] → one/h[Pod]: all") && lines(closed).contains("one/h[Pod] → two/c[Pod]: all"))
        let byAddress = model(
            host
                + Self.policy(
                    "ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 80}]}, {from: [{ipBlock: {cidr: 192.0.2.10/32}}], ports: [{port: 81}]}]"
                ))
        #expect(lines(byAddress).contains("one/h[Pod] → one/b[Pod]: TCP 80-81"))
        // An address that is not known is only in a block of everything.
        let unknown = host.replacing("status:", with: "other:")
        #expect(
            !lines(model(unknown + Self.policy("ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]"))).contains {
                $0.hasPrefix("one/h[Pod] → one/b")
            })
        #expect(lines(model(unknown + Self.policy("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"))).contains("one/h[Pod] → one/b[Pod]: all"))
    }

    @Test(arguments: [("Succeeded", false), ("Failed", false), ("Running", true), ("Pending", true)])
    func podsThatHaveEndedAreNotThere(phase: String, isThere: Bool) {
        let manifest =
            Self.pods
            + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: d, namespace: one}\nspec: {containers: [{name: c}]}\nstatus: {phase: \(phase)}\n"
        #expect(model(manifest).workloads.contains { $0.name == "d" } == isThere)
    }

    /// The last of two policies of one name is the one that is in force.
    @Test func theLastOfTwoPoliciesCounts() {
        let open = Self.policy("ingress: [{}]").replacing(Self.pods + "---\n", with: "")
        let manifest = Self.policy("policyTypes: [Ingress]") + "---\n" + open
        #expect(Self.arriving(manifest).count == 3)
    }

    /// Jobs put their name on their Pods.
    @Test func policiesSelectJobsByName() {
        let job =
            "---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: load, namespace: one}\nspec: {template: {spec: {containers: [{name: c}]}}}\n"
        let manifest = Self.policy("policyTypes: [Ingress]", pods: "{matchLabels: {batch.kubernetes.io/job-name: load}}") + job
        #expect(!lines(model(manifest)).contains { $0.contains("→ one/load[Job]") })
    }
}
