import Documents
import Kubernetes
import Reachability
import Testing

/// Which Pods are one workload, and by what name.
struct WorkloadTests {
    private static func pod(_ name: String, owner: String = "", labels: String = "{app: web}") -> String {
        let owners = owner.isEmpty ? "" : ", ownerReferences: [\(owner)]"
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: \(name), namespace: shop, labels: \(labels)\(owners)}\nspec: {containers: [{name: c}]}\n"
    }

    private static func replicaSet(owner: String = "{kind: Deployment, name: web, controller: true}") -> String {
        "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web-1, namespace: shop, ownerReferences: [\(owner)]}\nspec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}\n"
    }

    private static let owned = "{kind: ReplicaSet, name: web-1, controller: true}"

    private static let cases: [(String, [String], [String])] = [
        ("a Pod of its own", [pod("a")], ["shop/a[Pod]"]),
        ("a controller outside the estate", [pod("a", owner: owned), pod("b", owner: owned)], ["shop/web-1[ReplicaSet]"]),
        ("a chain up to what is not in the estate", [pod("a", owner: owned), replicaSet()], ["shop/web[Deployment]"]),
        ("an owner that is no controller", [pod("a", owner: "{kind: ReplicaSet, name: web-1}")], ["shop/a[Pod]"]),
        ("the controller among several owners", [pod("a", owner: "{kind: ConfigMap, name: x}, \(owned)")], ["shop/web-1[ReplicaSet]"]),
        ("an owner without a kind", [pod("a", owner: "{name: web-1, controller: true}")], ["shop/web-1[Pod]"]),
        ("a Pod that a node's file makes", [pod("a", owner: "{kind: Node, name: n1, controller: true}")], ["shop/a[Pod]"]),
        ("a custom controller", [pod("a", owner: "{kind: Ring, name: web, controller: true}")], ["shop/web[Ring]"]),
        (
            "what an operator makes stays apart", [pod("a", owner: owned), replicaSet(owner: "{kind: Shop, name: all, controller: true}")],
            ["shop/web-1[ReplicaSet]"]
        ),
        (
            "owners in a circle",
            [pod("a", owner: "{kind: Pod, name: b, controller: true}"), pod("b", owner: "{kind: Pod, name: a, controller: true}")],
            ["shop/a[Pod]", "shop/b[Pod]"]
        ),
        (
            "a template without a controller",
            ["apiVersion: v1\nkind: PodTemplate\nmetadata: {name: t}\ntemplate: {spec: {containers: [{name: c}]}}\n"], []
        ),
        (
            "Jobs of a CronJob",
            [
                "apiVersion: batch/v1\nkind: Job\nmetadata: {name: n-1, namespace: shop, ownerReferences: [{kind: CronJob, name: nightly, controller: true}]}\nspec: {template: {spec: {containers: [{name: c}]}}}\n",
                "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly, namespace: shop}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c}]}}}}}\n",
            ], ["shop/nightly[CronJob]"]
        ),
    ]

    @Test(arguments: cases)
    func workloadsAreNamedByTheirRootOwner(what: String, documents: [String], expected: [String]) {
        let model = model(documents.joined(separator: "---\n"))
        #expect(model.workloads.map(\.description) == expected)
        for (index, workload) in model.workloads.enumerated() {
            #expect(model.number(ofWorkload: workload.description) == index)
            for object in workload.objects { #expect(model.workload(ofObject: object) == index) }
        }
        #expect(model.number(ofWorkload: "shop/nobody[Pod]") == nil && model.workload(ofObject: 99) == nil)
    }

    /// Pods that no policy tells apart are one group, however many labels they have.
    @Test func podsAreGroupedAsPoliciesSeeThem() {
        let pods = (0..<20).map {
            Self.pod("p\($0)", owner: "{kind: ReplicaSet, name: r\($0 % 2), controller: true}", labels: "{app: a\($0 % 2), n: \"\($0)\"}")
        }
        let policy =
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {podSelector: {matchLabels: {app: a1}}}\n"
        #expect(model(pods.joined(separator: "---\n")).workloads.map(\.groups) == [[0], [0]])
        let isolated = model((pods + [policy]).joined(separator: "---\n"))
        #expect(isolated.workloads.map(\.groups) == [[0], [1]])
        #expect(
            lines(isolated).filter { $0.contains("→ shop/") } == [
                "0.0.0.0-255.255.255.255 → shop/r0[ReplicaSet]: all", "shop/r1[ReplicaSet] → shop/r0[ReplicaSet]: all",
            ])
        // Where a policy tells the Pods of one owner apart, the owner can what any of them can.
        let divided = model((pods + [policy.replacing("app: a1", with: "n: \"3\"")]).joined(separator: "---\n"))
        #expect(divided.workloads.map(\.groups.count) == [1, 2] && divided.gaps.isEmpty)
        #expect(lines(divided).contains("shop/r0[ReplicaSet] → shop/r1[ReplicaSet]: all"))
    }

    /// What controls ask about the object they judge.
    @Test func questionsAboutOneWorkload() throws {
        let policies = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: p, namespace: shop}
            spec:
              podSelector: {matchLabels: {app: web}}
              policyTypes: [Ingress, Egress]
              ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 443}]}]
              egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: a}
            spec: {priority: 1, subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {}}]}]}
            """
        let host =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: h, namespace: shop, labels: {app: web}}\nspec: {hostNetwork: true, containers: [{name: c}]}\n"
        let model = model([Self.pod("a"), Self.pod("b", labels: "{app: db}"), host, policies].joined(separator: "---\n"))
        let (web, other, node) = (try model.workload("shop/a[Pod]"), try model.workload("shop/b[Pod]"), try model.workload("shop/h[Pod]"))
        #expect(model.policies(selecting: web, .ingress) == [4, 3] && model.policies(selecting: web, .egress) == [3])
        #expect(model.policies(selecting: other, .ingress) == [4] && model.policies(selecting: node, .ingress).isEmpty)
        #expect(
            model.isIsolated(.ingress, web) && model.isIsolated(.egress, web) && !model.isIsolated(.ingress, other)
                && !model.isIsolated(.egress, node))
        let metadata = AddressSet(try #require(AddressRange("169.254.169.254")))
        #expect(model.connections(from: web, to: metadata).isEmpty && model.connections(from: other, to: metadata).isAll)
        #expect(model.connections(from: .internet, to: web).description == "TCP 443" && model.connections(from: .internet, to: other).isAll)
        #expect(!model.isUnrestricted(.ingress, web) && model.isUnrestricted(.ingress, other) && model.isUnrestricted(.egress, node))
    }
}
