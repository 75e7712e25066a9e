import Reachability
import Testing

/// Laws that hold for every estate, tried on estates by chance.
struct PropertyTests {
    /// The engine, which answers for whole groups at once, against one that looks at a single connection at a time.
    @Test(arguments: 0..<40)
    func agreesWithTheReference(chunk: Int) throws {
        var answers = [true: 0, false: 0]
        for seed in chunk * 6..<chunk * 6 + 6 {
            var random = RandomEstate(seed: seed)
            let estate = random.estate
            let model = model(estate.manifest)
            #expect(model.gaps.isEmpty, "\(model.gaps.map(\.message))")
            for _ in 0..<60 {
                let (source, destination, transport, port) = random.question()
                let expected = estate.allows(source, destination, transport, port)
                let found = try model.allows(source, destination, transport, port)
                #expect(found == expected, "seed \(seed): \(source) → \(destination) \(transport) \(port)\n\(estate.manifest)")
                answers[expected, default: 0] += 1
            }
        }
        // A law that is never put to the test proves nothing.
        #expect(answers.values.allSatisfy { $0 > 36 }, "\(answers)")
    }

    /// The list of flows says what the single questions say.
    @Test(arguments: 0..<30)
    func theListIsWhatQuestionsAnswer(seed: Int) {
        let model = model(RandomEstate(seed: seed + 5_000).estate.manifest)
        var listed: [[Int]: ConnectionSet] = [:]
        for flow in model.flows {
            #expect(!flow.connections.isEmpty)
            guard case .workload(let source) = flow.source, case .workload(let destination) = flow.destination else { continue }
            #expect(listed.updateValue(flow.connections, forKey: [source, destination]) == nil)
        }
        for source in model.workloads.indices {
            for destination in model.workloads.indices where source != destination {
                #expect(listed[[source, destination]] ?? .none == model.connections(from: source, to: destination))
            }
        }
        let spaces = Set(model.workloads.map(\.namespace))
        let inside = model.flows(from: ["red", "blue"], to: ["green"])
        let expected = model.flows.filter { flow in
            guard case .workload(let source) = flow.source, case .workload(let destination) = flow.destination else { return false }
            return ["red", "blue"].contains(model.workloads[source].namespace) && model.workloads[destination].namespace == "green"
        }
        #expect(inside == expected && model.flows(from: spaces, to: []).isEmpty)
    }

    /// Explanations come to the verdict of the model, and name rules that say so.
    @Test(arguments: 0..<40)
    func explanationsAgree(seed: Int) throws {
        var random = RandomEstate(seed: seed + 9_000)
        let estate = random.estate
        let model = model(estate.manifest)
        func endpoint(_ end: Reference.End) throws -> Endpoint {
            switch end {
            case .pod(let pod): .workload(try model.workload("\(pod.namespace)/\(pod.name)[Pod]"))
            case .outside(let address): .addresses(try address.set)
            }
        }
        for _ in 0..<40 {
            let (source, destination, transport, port) = random.question()
            let proto = try #require(TransportProtocol(rawValue: transport))
            let explanation = try #require(model.explain(from: endpoint(source), to: endpoint(destination), proto, UInt16(port)))
            #expect(
                explanation.isAllowed == estate.allows(source, destination, transport, port),
                "seed \(seed): \(source) \(destination) \(transport) \(port)")
            #expect(explanation.isAllowed == explanation.sides.allSatisfy(\.isAllowed))
            for side in explanation.sides { expectReason(side) }
        }
    }

    private func expectReason(_ side: Explanation.Side) {
        switch side.ground {
        case .rule: #expect(side.steps.contains { $0.action == (side.isAllowed ? .allow : .deny) || $0.action == .pass })
        case .isolation: #expect(!side.isAllowed && side.steps.contains { $0.tier == .namespace })
        case .noPolicy: #expect(side.isAllowed && !side.steps.contains { $0.tier == .namespace && $0.action == nil })
        case .hostNetwork: #expect(side.isAllowed && side.steps.isEmpty)
        }
    }

    /// One more rule that allows something takes nothing away. (Not so for the first rule of a direction: with it, a
    /// policy without `policyTypes` begins to isolate. Here the types are written.)
    @Test(arguments: 0..<80)
    func anAllowingRuleNeverRemovesAFlow(seed: Int) throws {
        var random = RandomEstate(seed: seed + 20_000)
        var estate = random.estate
        let before = model(estate.manifest)
        let network = estate.policies.indices.filter { estate.policies[$0].kind == .network }
        guard let index = network.first else { return }
        let policy = estate.policies[index]
        estate.policies[index] = Reference.Policy(
            kind: .network, name: policy.name, namespace: policy.namespace, priority: 0, namespaces: [], pods: policy.pods,
            ingress: policy.ingress.map { $0 + [random.networkRule()] }, egress: policy.egress.map { $0 + [random.networkRule()] })
        let differences = FlowDifference.between(before, model(estate.manifest))
        #expect(differences.allSatisfy { $0.closed.isEmpty }, "seed \(seed): \(differences)")
    }

    /// A policy without rules over all Pods of a namespace leaves them nothing that other policies do not allow.
    @Test(arguments: 0..<40)
    func denyAllIsolates(seed: Int) {
        var estate = RandomEstate(seed: seed + 30_000, clusterPolicies: false).estate
        estate.policies = Set(estate.pods.map(\.namespace)).sorted().map {
            Reference.Policy(kind: .network, name: "deny", namespace: $0, priority: 0, namespaces: [], pods: [], ingress: [], egress: [])
        }
        let model = model(estate.manifest)
        let hosts = Set(estate.pods.filter(\.isHostNetwork).map(\.name))
        for flow in model.flows {
            let names = [flow.source, flow.destination].compactMap { if case .workload(let index) = $0 { model.workloads[index].name } else { nil } }
            #expect(names.allSatisfy(hosts.contains), "\(names)")
        }
    }

    /// What a policy closes is seen from either side of a comparison, and comparing with itself finds nothing.
    @Test(arguments: 0..<30)
    func differencesAreMirrored(seed: Int) {
        let one = model(RandomEstate(seed: seed + 40_000).estate.manifest)
        let other = model(RandomEstate(seed: seed + 41_000).estate.manifest)
        #expect(FlowDifference.between(one, one).isEmpty)
        func key(_ difference: FlowDifference, mirrored: Bool) -> String {
            "\(difference.source) \(difference.destination) \(mirrored ? difference.closed : difference.opened) \(mirrored ? difference.opened : difference.closed)"
        }
        let forth = Set(FlowDifference.between(one, other).map { key($0, mirrored: false) })
        #expect(forth == Set(FlowDifference.between(other, one).map { key($0, mirrored: true) }))
        #expect(!forth.isEmpty)
    }

    /// The order of documents means nothing.
    @Test(arguments: 0..<20)
    func theOrderOfFilesMeansNothing(seed: Int) {
        var estate = RandomEstate(seed: seed + 50_000).estate
        let one = lines(model(estate.manifest))
        estate.pods.reverse()
        estate.policies.reverse()
        #expect(lines(model(estate.manifest)) == one)
    }
}

/// The flows of a model, one a line: `shop/web[Pod] → 0.0.0.0-255.255.255.255: TCP 80`.
func lines(_ model: NetworkModel) -> [String] {
    func name(_ end: FlowEnd) -> String {
        switch end {
        case .workload(let index): model.workloads[index].description
        case .addresses(let range): range.description
        }
    }
    return model.flows.map { "\(name($0.source)) → \(name($0.destination)): \($0.connections)" }
}
