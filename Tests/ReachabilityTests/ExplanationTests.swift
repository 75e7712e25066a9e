import Documents
import Kubernetes
import Reachability
import Testing

/// Explanations name the rules that decide, with their places.
struct ExplanationTests {
    private static let estate = """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: one, labels: {app: a}}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: two, labels: {app: b}}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: into-b
          namespace: two
        spec:
          podSelector: {}
          ingress:
          - from: [{podSelector: {}}]
          - from: [{namespaceSelector: {}}]
            ports: [{port: 80}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: closed, namespace: two}
        spec: {podSelector: {}, policyTypes: [Ingress]}
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: guard}
        spec:
          priority: 5
          subject: {namespaces: {}}
          egress:
          - {action: Pass, to: [{namespaces: {}}], ports: [{portNumber: {port: 80}}]}
          - {action: Deny, to: [{namespaces: {}}], ports: [{portNumber: {port: 22}}]}
          - {action: Deny, to: [{networks: [198.51.100.0/24]}]}
        """

    /// One step as a line: the object's name, the path of the rule, its line, what it does.
    private static func steps(_ model: NetworkModel, _ side: Explanation.Side) -> [String] {
        side.steps.map { step in
            "\(step.place.position.line) \(step.place.fieldPath) \(step.action?.rawValue ?? "silent")\(step.isFinal ? "!" : "")"
        }
    }

    private static func explain(_ source: Endpoint, _ destination: Endpoint, _ port: UInt16) throws -> (NetworkModel, Explanation) {
        let model = model(estate)
        return (model, try #require(model.explain(from: source, to: destination, .tcp, port)))
    }

    @Test func aConnectionThatIsAllowed() throws {
        let (model, explanation) = try Self.explain(.workload(0), .workload(1), 80)
        #expect(explanation.isAllowed && explanation.addresses == nil && explanation.sides.map(\.direction) == [.egress, .ingress])
        #expect(Self.steps(model, explanation.sides[0]) == ["35 spec.egress[0] pass"])
        #expect(explanation.sides[0].isAllowed && explanation.sides[0].ground == .rule)
        #expect(Self.steps(model, explanation.sides[1]) == ["20 spec.ingress[1] allow!", "25 metadata.name silent"])
        #expect(explanation.sides[1].isAllowed && explanation.sides[1].ground == .rule)
    }

    @Test func aConnectionThatNoPolicyAllows() throws {
        let (model, explanation) = try Self.explain(.workload(0), .workload(1), 81)
        #expect(!explanation.isAllowed)
        #expect(explanation.sides[0].ground == .noPolicy && explanation.sides[0].isAllowed && explanation.sides[0].steps.isEmpty)
        #expect(Self.steps(model, explanation.sides[1]) == ["14 metadata.name silent", "25 metadata.name silent"])
        #expect(explanation.sides[1].ground == .isolation && !explanation.sides[1].isAllowed)
    }

    @Test func aConnectionThatAnAdministratorDenies() throws {
        let (model, explanation) = try Self.explain(.workload(0), .workload(1), 22)
        #expect(!explanation.isAllowed && Self.steps(model, explanation.sides[0]) == ["36 spec.egress[1] deny!"])
        #expect(explanation.sides[0].ground == .rule && !explanation.sides[0].isAllowed)
    }

    @Test func blocksOfAddressesAreAllowedInPart() throws {
        let block = AddressSet(try #require(AddressRange("198.51.0.0/16")))
        let (model, explanation) = try Self.explain(.workload(0), .addresses(block), 443)
        #expect(explanation.isAllowed && explanation.sides.count == 1)
        #expect(explanation.addresses?.ranges.map(\.description) == ["198.51.0.0-198.51.99.255", "198.51.101.0-198.51.255.255"])
        #expect(Self.steps(model, explanation.sides[0]) == ["37 spec.egress[2] deny!"])
        let (_, denied) = try Self.explain(.workload(0), .addresses(AddressSet(try #require(AddressRange("198.51.100.7")))), 443)
        #expect(!denied.isAllowed && denied.addresses?.isEmpty == true)
        let (_, arriving) = try Self.explain(.addresses(block), .workload(1), 80)
        #expect(!arriving.isAllowed && arriving.sides[0].direction == .ingress && arriving.sides[0].ground == .isolation)
    }

    @Test func addressesAmongThemselvesAreNoneOfOurs() {
        #expect(model(Self.estate).explain(from: .addresses(.everything), to: .addresses(.everything), .tcp, 80) == nil)
    }

    @Test func podsOnANodesNetworkAreUnderNoPolicy() throws {
        let host = model(
            Self.estate
                + "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: h, namespace: two}\nspec: {hostNetwork: true, containers: [{name: c}]}\n")
        let explanation = try #require(host.explain(from: .workload(0), to: .workload(2), .tcp, 443))
        #expect(explanation.isAllowed && explanation.sides[1].ground == .hostNetwork)
    }
}
