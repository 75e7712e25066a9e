import Documents
import Kubernetes
import Testing

/// An estate from YAML; Pods are written as `name namespace labels`.
private func inventory(_ manifests: String, pods: [(name: String, namespace: String, labels: String)] = []) -> Inventory {
    var text = manifests
    for pod in pods {
        text += "\n---\n{apiVersion: v1, kind: Pod, metadata: {name: \(pod.name), namespace: \(pod.namespace), labels: \(pod.labels)}, spec: {}}"
    }
    return Inventory(SourceObjects(DocumentTree.parse(text).tree).objects)
}

private func index(of name: String, in inventory: Inventory) throws -> Int {
    try #require(inventory.objects.firstIndex { $0.name == name && $0.pod != nil })
}

@Test func selectorsFindWorkloadsOfTheirNamespaceOnly() throws {
    let estate = inventory("", pods: [("one", "a", "{app: web, tier: front}"), ("two", "b", "{app: web}"), ("three", "a", "{}")])
    func finds(_ requirements: [LabelSelector.Requirement], _ namespace: String) -> Bool {
        estate.hasWorkloads(LabelSelector(requirements), in: namespace)
    }
    #expect(finds([.init(key: "app", operator: .in, values: ["web"])], "a"))
    #expect(!finds([.init(key: "app", operator: .in, values: ["web"]), .init(key: "tier", operator: .doesNotExist)], "a"))
    #expect(finds([.init(key: "app", operator: .in, values: ["api", "web"]), .init(key: "tier", operator: .doesNotExist)], "b"))
    #expect(finds([.init(key: "app", operator: .notIn, values: ["web"])], "a"))
    #expect(!finds([.init(key: "app", operator: .notIn, values: ["web"])], "b"))
    #expect(!finds([], "c"))
    #expect(estate.workloads(in: "a").map { estate.objects[$0].name } == ["one", "three"])
}

@Test(arguments: [
    ("{podSelector: {}}", NetworkIsolation.Directions.ingress, true),
    ("{podSelector: {}}", .egress, false),
    ("{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}", .egress, true),
    ("{podSelector: {}, policyTypes: [Egress]}", .ingress, false),
    ("{podSelector: {}, policyTypes: [Egress]}", .egress, true),
    ("{podSelector: {}, ingress: [{}]}", .ingress, false),
    ("{podSelector: {}, ingress: [{from: [], ports: []}]}", .ingress, false),
    ("{podSelector: {}, ingress: [{ports: [{port: 80}]}]}", .ingress, true),
    ("{podSelector: {matchLabels: {app: web}}}", .ingress, false),
    ("{podSelector: {matchExpressions: [{key: app, operator: Like}]}}", .ingress, false),
])
func namespacesAreClosedByPoliciesForAllTheirPods(spec: String, direction: NetworkIsolation.Directions, expected: Bool) {
    let policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: a}, spec: \(spec)}"
    let estate = inventory(policy, pods: [("one", "a", "{app: web}"), ("two", "b", "{app: web}")])
    #expect(estate.isolation.defaults(of: "a").contains(direction) == expected)
    #expect(!estate.isolation.defaults(of: "b").contains(direction))
    #expect(estate.isolation.unreadKind == nil)
}

@Test func policiesSelectSinglePods() throws {
    let estate = inventory(
        """
        {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: a}, spec: {podSelector: {matchLabels: {app: web}}}}
        ---
        {apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: c}, spec: {endpointSelector: {matchLabels: {app: api}}}}
        """, pods: [("one", "a", "{app: web}"), ("two", "a", "{app: api}"), ("three", "a", "{app: db}")])
    #expect(estate.isolation.isSelected(try index(of: "one", in: estate), in: "a"))
    #expect(estate.isolation.isSelected(try index(of: "two", in: estate), in: "a"))
    #expect(!estate.isolation.isSelected(try index(of: "three", in: estate), in: "a"))
}

@Test(arguments: ["AdminNetworkPolicy", "GlobalNetworkPolicy"])
func policiesOfOtherKindsAreNamed(kind: String) {
    let estate = inventory("{apiVersion: policy.example.com/v1, kind: \(kind), metadata: {name: p}, spec: {}}")
    #expect(estate.isolation.unreadKind == kind)
}

@Test func calicosPolicyIsNoPolicyOfKubernetes() {
    let estate = inventory("{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: p, namespace: a}, spec: {selector: all()}}")
    #expect(estate.isolation.unreadKind == "NetworkPolicy")
    #expect(!estate.isolation.defaults(of: "a").contains(.ingress))
}

@Test func servicesAndRoutesLeadToWorkloads() throws {
    let estate = inventory(
        """
        {apiVersion: v1, kind: Service, metadata: {name: web, namespace: a}, spec: {selector: {app: web}}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: none, namespace: a}, spec: {}}
        ---
        {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: a}, spec: {defaultBackend: {service: {name: web}}}}
        ---
        {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: b},
         spec: {rules: [{backendRefs: [{name: web, namespace: a}]}]}}
        """, pods: [("one", "a", "{app: web}"), ("two", "a", "{app: api}")])
    let services = estate.links.services(of: try index(of: "one", in: estate)).map { estate.objects[$0] }
    #expect(services.map(\.name) == ["web"])
    #expect(estate.links.services(of: try index(of: "two", in: estate)).isEmpty)
    let service = try #require(services.first)
    #expect(estate.links.routes(to: service).map { estate.objects[$0].kind } == ["Ingress", "HTTPRoute"])
}

/// Asks for another analysis while it is worked out.
private final class Upper: EstateAnalysis {
    let lower: Lower

    init(of inventory: Inventory) { lower = inventory.analysis() }
}

private final class Lower: EstateAnalysis {
    let objects: Int

    init(of inventory: Inventory) { objects = inventory.objects.count }
}

@Test func anAnalysisMayAskForAnother() async {
    let estate = inventory("", pods: [("one", "a", "{}")])
    let all = await withTaskGroup(of: Upper.self) { group in
        for number in 0..<64 {
            group.addTask {
                if number % 2 == 0 { _ = estate.analysis(Lower.self) }
                return estate.analysis()
            }
        }
        return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all.allSatisfy { $0 === all[0] && $0.lower === estate.analysis(Lower.self) }, "each is worked out once")
    #expect(all[0].lower.objects == 1)
}
