internal import Documents
internal import Kubernetes
internal import Reachability

/// An explanation as lines to read: the verdict, then what each side's policies say.
struct ExplanationText {
    private(set) var lines: [String] = []
    private let model: NetworkModel
    private let inventory: Inventory

    init(_ explanation: Explanation, _ question: ReachQuestion, _ model: NetworkModel, _ inventory: Inventory) {
        self.model = model
        self.inventory = inventory
        let verdict = explanation.isAllowed ? "allowed" : "denied"
        lines.append("\(verdict): \(question.source) → \(question.destination) \(question.transport.rawValue) \(question.port)")
        if let addresses = explanation.addresses, !addresses.isEmpty, let asked = asked(question), addresses != asked {
            lines.append("  only for \(addresses.ranges.map(\.description).joined(separator: ", "))")
        }
        for side in explanation.sides { add(side) }
    }

    private func asked(_ question: ReachQuestion) -> AddressSet? {
        (AddressRange(question.source) ?? AddressRange(question.destination)).map { AddressSet($0) }
    }

    private mutating func add(_ side: Explanation.Side) {
        lines.append("")
        let name = model.workloads[side.workload].description
        lines.append("\(side.direction.rawValue) of \(name): \(side.isAllowed ? "allowed" : "denied"), \(ground(side))")
        for step in side.steps {
            let object = inventory.objects[step.object]
            let place = "\(step.place.source):\(step.place.position.line)"
            let path = step.place.fieldPath
            let said: String =
                switch step.action {
                case .allow: "\(path) allows it"
                case .deny: "\(path) denies it"
                case .pass: "\(path) leaves it to the next tier"
                case nil: "selects the Pod and has no rule that allows it"
                }
            lines.append("  \(place)  \(object.displayName): \(said)")
        }
    }

    private func ground(_ side: Explanation.Side) -> String {
        switch side.ground {
        case .rule: "by a rule"
        case .isolation: "since NetworkPolicies select the Pod and none of them allows it"
        case .noPolicy: "since no policy speaks of it"
        case .hostNetwork: "since policies do not apply to Pods on a node's network"
        }
    }
}
