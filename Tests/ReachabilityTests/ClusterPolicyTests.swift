import Reachability
import Testing

/// AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy: tiers, order, and what each of them says.
struct ClusterPolicyTests {
    private static let pods = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: red, labels: {team: red}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: blue, labels: {team: blue}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: r, namespace: red, labels: {app: r}}
        spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: blue, labels: {app: b}}
        spec: {containers: [{name: c}]}

        """

    private static func admin(_ name: String, priority: Int, _ rules: String, subject: String = "{namespaces: {matchLabels: {team: red}}}") -> String
    {
        """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: \(name)}
        spec: {priority: \(priority), subject: \(subject), \(rules)}

        """
    }

    private static func baseline(_ rules: String) -> String {
        """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: BaselineAdminNetworkPolicy
        metadata: {name: default}
        spec: {subject: {namespaces: {}}, \(rules)}

        """
    }

    private static func cluster(_ name: String, _ tier: String, priority: Int, _ rules: String, version: String = "v1alpha2") -> String {
        """
        ---
        apiVersion: policy.networking.k8s.io/\(version)
        kind: ClusterNetworkPolicy
        metadata: {name: \(name)}
        spec: {tier: \(tier), priority: \(priority), subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: r}}}}, \(rules)}

        """
    }

    private static func network(_ spec: String) -> String {
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: net, namespace: red}\nspec: {podSelector: {}, \(spec)}\n"
    }

    /// What Pod `b` may open to Pod `r`.
    private static func blueToRed(_ policies: String) throws -> String {
        let model = model(pods + policies)
        #expect(model.gaps.isEmpty, "\(model.gaps.map(\.message))")
        return try model.connections(from: model.workload("blue/b[Pod]"), to: model.workload("red/r[Pod]")).description
    }

    private static let fromAll = "from: [{namespaces: {}}]"

    private static let cases: [(String, String)] = [
        ("", "all"),
        // A denial by an administrator holds, whatever a NetworkPolicy allows.
        (admin("deny", priority: 1, "ingress: [{action: Deny, \(fromAll)}]") + network("ingress: [{}]"), "none"),
        // A permission holds, whatever a NetworkPolicy closes.
        (admin("allow", priority: 1, "ingress: [{action: Allow, \(fromAll)}]") + network("policyTypes: [Ingress]"), "all"),
        // The first rule that matches decides, port by port.
        (
            admin(
                "both", priority: 1,
                "ingress: [{action: Allow, \(fromAll), ports: [{portNumber: {port: 80}}]}, {action: Deny, \(fromAll), ports: [{portRange: {start: 1, end: 1000}}]}]"
            ),
            "TCP 80,1001-65535; UDP; SCTP"
        ),
        // Lower numbers are asked first, whichever document comes first.
        (
            admin("late", priority: 20, "ingress: [{action: Deny, \(fromAll)}]")
                + admin("early", priority: 10, "ingress: [{action: Allow, \(fromAll), ports: [{portNumber: {port: 443, protocol: UDP}}]}]"), "UDP 443"
        ),
        // Pass skips the rest of the tier and leaves it to the NetworkPolicies, or where there are none, to the baseline.
        (
            admin("pass", priority: 1, "ingress: [{action: Pass, \(fromAll), ports: [{portNumber: {port: 80}}]}, {action: Deny, \(fromAll)}]")
                + network("ingress: [{ports: [{port: 80}, {port: 81}]}]"), "TCP 80"
        ),
        (
            admin("pass", priority: 1, "ingress: [{action: Pass, \(fromAll)}]") + admin("deny", priority: 2, "ingress: [{action: Deny, \(fromAll)}]")
                + baseline("ingress: [{action: Deny, \(fromAll), ports: [{portNumber: {port: 22}}]}]"), "TCP 1-21,23-65535; UDP; SCTP"
        ),
        // A NetworkPolicy that isolates a Pod leaves the baseline nothing to say.
        (baseline("ingress: [{action: Deny, \(fromAll)}]"), "none"),
        (baseline("ingress: [{action: Deny, \(fromAll)}]") + network("ingress: [{ports: [{port: 80}]}]"), "TCP 80"),
        (baseline("ingress: [{action: Allow, \(fromAll), ports: [{portNumber: {port: 80}}]}, {action: Deny, \(fromAll)}]"), "TCP 80"),
        // It isolates one direction only.
        (baseline("ingress: [{action: Deny, \(fromAll)}]") + network("policyTypes: [Egress]"), "none"),
        // A policy about egress of the source counts as much.
        (
            admin(
                "leave", priority: 5, "egress: [{action: Deny, to: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: r}}}}]}]",
                subject: "{namespaces: {matchLabels: {team: blue}}}"),
            "none"
        ),
        // Names of ports are looked up at the destination, whatever the protocol.
        (admin("named", priority: 1, "ingress: [{action: Deny, \(fromAll), ports: [{namedPort: http}]}]"), "TCP 1-8079,8081-65535; UDP; SCTP"),
        // Peers by namespace and label.
        (
            admin("peer", priority: 1, "ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: r}}}}]}]"),
            "all"
        ),
        (admin("peer", priority: 1, "ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: blue}}}]}]"), "none"),
        // The newer kind, in both tiers and both versions.
        (
            cluster(
                "c", "Admin", priority: 0, "ingress: [{action: Deny, \(fromAll), protocols: [{tcp: {destinationPort: {number: 80}}}, {udp: {}}]}]"),
            "TCP 1-79,81-65535; SCTP"
        ),
        (
            cluster(
                "c", "Admin", priority: 0,
                "ingress: [{action: Accept, \(fromAll), protocols: [{sctp: {destinationPort: {range: {start: 5, end: 9}}}}]}, {action: Deny, \(fromAll)}]",
                version: "v1beta1"),
            "SCTP 5-9"
        ),
        (
            cluster("c", "Baseline", priority: 0, "ingress: [{action: Deny, \(fromAll), protocols: [{destinationNamedPort: http}]}]"),
            "TCP 1-8079,8081-65535; UDP; SCTP"
        ),
        (cluster("c", "Baseline", priority: 0, "ingress: [{action: Deny, \(fromAll)}]") + network("ingress: [{}]"), "all"),
        (
            cluster("first", "Baseline", priority: 1, "ingress: [{action: Pass, \(fromAll)}]")
                + cluster("second", "Baseline", priority: 2, "ingress: [{action: Deny, \(fromAll)}]"), "all"
        ),
        // Both generations stand in one order.
        (
            cluster("new", "Admin", priority: 2, "ingress: [{action: Accept, \(fromAll)}]")
                + admin("old", priority: 1, "ingress: [{action: Deny, \(fromAll), ports: [{portNumber: {port: 80}}]}]"),
            "TCP 1-79,81-65535; UDP; SCTP"
        ),
    ]

    @Test(arguments: cases)
    func tiersDecideInOrder(policies: String, expected: String) throws {
        #expect(try Self.blueToRed(policies) == expected)
    }

    /// `networks` are looked up among Pods too: those whose address is known by it, others where the block is everything.
    @Test(arguments: [
        ("0.0.0.0/0", "", "none"), ("10.0.0.0/8", "", "all"), ("10.0.0.0/8", "10.1.2.3", "none"), ("10.9.0.0/16", "10.1.2.3", "all"),
        ("fd00::/8", "fd00::7", "none"), ("0.0.0.0/0", "fd00::7", "all"), ("::/0", "", "none"),
    ])
    func networksMatchPodsByAddress(block: String, address: String, expected: String) throws {
        let policy = Self.admin(
            "block", priority: 1, "egress: [{action: Deny, to: [{networks: [\"\(block)\"]}]}]", subject: "{namespaces: {matchLabels: {team: blue}}}")
        let pods = Self.pods.replacing("app: r}}\n", with: "app: r}}\nstatus: {podIPs: [{ip: \"\(address)\"}]}\n")
        let model = model(pods + policy)
        #expect(try model.connections(from: model.workload("blue/b[Pod]"), to: model.workload("red/r[Pod]")).description == expected)
    }

    @Test func networksAndNodesStandForAddressesOutside() throws {
        let node = """
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: n1, labels: {role: edge}}
            status: {addresses: [{type: Hostname, address: n1}, {type: InternalIP, address: 192.0.2.7}]}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: n2}
            status: {addresses: [{type: InternalIP, address: 192.0.2.8}]}

            """
        let rules = """
            egress: [{action: Deny, to: [{nodes: {matchLabels: {role: edge}}}]}, {action: Deny, to: [{networks: ["198.51.100.0/24"]}], ports: [{portNumber: {port: 443}}]}]
            """
        let manifest = Self.pods + node + Self.admin("out", priority: 1, rules)
        let leaving = lines(model(manifest)).filter { $0.hasPrefix("red/r[Pod] → ") && !$0.contains("blue/") }
        #expect(
            leaving == [
                "red/r[Pod] → 0.0.0.0-192.0.2.6: all", "red/r[Pod] → 192.0.2.8-198.51.99.255: all",
                "red/r[Pod] → 198.51.100.0-198.51.100.255: TCP 1-442,444-65535; UDP; SCTP", "red/r[Pod] → 198.51.101.0-255.255.255.255: all",
            ])
        // A Pod on the network of a node that is meant is reached at that node's address.
        let host =
            "---\napiVersion: v1\nkind: Pod\nmetadata: {name: h, namespace: blue}\nspec: {hostNetwork: true, nodeName: NODE, containers: [{name: c}]}\n"
        for (name, expected) in [("n1", "none"), ("n2", "all")] {
            let model = model(manifest + host.replacing("NODE", with: name))
            #expect(try model.connections(from: model.workload("red/r[Pod]"), to: model.workload("blue/h[Pod]")).description == expected)
        }
    }

    @Test func priorityOrdersPoliciesButNotRules() throws {
        let first = Self.admin("z", priority: 0, "ingress: [{action: Allow, \(Self.fromAll)}, {action: Deny, \(Self.fromAll)}]")
        #expect(try Self.blueToRed(first + Self.admin("a", priority: 1000, "ingress: [{action: Deny, \(Self.fromAll)}]")) == "all")
    }
}
