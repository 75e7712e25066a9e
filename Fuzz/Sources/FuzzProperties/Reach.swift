import Documents
import Kubernetes
import Reachability

extension Properties {
    /// The model of an estate's network: every list, question and picture of it agrees with the others.
    public static func reach(_ bytes: [UInt8]) {
        let parsed = DocumentTree.parse(bytes, source: "fuzz", limits: limits)
        let inventory = Inventory(SourceObjects(parsed.tree).objects)
        let model = NetworkModel(of: inventory)
        for gap in model.gaps { precondition(gap.place.position.line > 0 && !gap.message.isEmpty) }
        var listed: [[Int]: ConnectionSet] = [:]
        model.forEachFlow { flow in
            precondition(!flow.connections.isEmpty && flow.source != flow.destination)
            if case .workload(let source) = flow.source, case .workload(let destination) = flow.destination {
                precondition(listed.updateValue(flow.connections, forKey: [source, destination]) == nil, "a pair is listed twice")
            }
        }
        for source in model.workloads.indices.prefix(12) {
            for destination in model.workloads.indices.prefix(12) where source != destination {
                let connections = model.connections(from: source, to: destination)
                precondition(connections == listed[[source, destination]] ?? .none, "the list and the question differ")
                for port: UInt16 in [1, 53, 80, 8080, 65535] {
                    let explanation = model.explain(from: .workload(source), to: .workload(destination), .tcp, port)
                    let isDivided = model.workloads[source].groups.count > 1 || model.workloads[destination].groups.count > 1
                    precondition(isDivided || explanation?.isAllowed == connections.contains(.tcp, port), "the explanation and the question differ")
                }
            }
        }
        for entry in model.entries() {
            precondition(entry.targets.isSuperset(of: entry.allowed) && !entry.targets.isEmpty)
            precondition(entry.path.allSatisfy(inventory.objects.indices.contains) && !entry.path.isEmpty)
        }
        precondition(FlowDifference.between(model, model).isEmpty, "an estate differs from itself")
        precondition(!FoldedFlows(model).rows.isEmpty || listed.isEmpty)
        for maximum in [60, 1] {
            let svg = FlowPicture(of: model, maximumNodes: maximum).svg
            precondition(!svg.contains("<script") && svg.utf8.count { $0 == UInt8(ascii: "<") } == svg.utf8.count { $0 == UInt8(ascii: ">") })
        }
        model.writeDot { precondition(!$0.isEmpty) }
    }
}
