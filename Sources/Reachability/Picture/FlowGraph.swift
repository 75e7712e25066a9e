import Kubernetes

/// The flows of an estate as a graph small enough to be looked at.
///
/// Where nothing is restricted every workload reaches every other, and lines for that would hide the rest. So a node says
/// itself that it takes connections from everywhere, or may open them to everywhere; a line is drawn only where policies
/// restrict one of its ends, and for each way in from outside.
struct FlowGraph {
    struct Node {
        let label: String
        /// The kind of a workload, or how many workloads a namespace has.
        let detail: String
        /// Which box it stands in.
        let namespace: String
        /// Takes every connection from everywhere.
        var isOpen: Bool
        /// May open every connection to everywhere.
        var isFree: Bool
    }

    struct Edge: Hashable {
        enum End: Hashable, Comparable {
            case outside
            case node(Int)
        }

        let source: End
        let destination: End
        let label: String
        /// Goes both ways with the same connections.
        var isMutual = false
        /// A way in from outside, as opposed to what policies would let in if there were one.
        var isEntry = false
    }

    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []
    /// Whether nodes are namespaces.
    let isCollapsed: Bool
    /// Namespaces that found no room.
    private(set) var left = 0

    /// - Parameter maximum: nodes; an estate with more workloads is shown by namespace.
    init(_ model: NetworkModel, maximum: Int, platforms: [String]) {
        isCollapsed = model.workloads.count > maximum
        let names = Array(Set(model.workloads.map(\.namespace))).sorted()
        left = isCollapsed ? max(names.count - maximum, 0) : 0
        let shown = Dictionary(uniqueKeysWithValues: names.prefix(isCollapsed ? maximum : names.count).enumerated().map { ($1, $0) })
        let nodeOfWorkload = model.workloads.indices.map { isCollapsed ? shown[model.workloads[$0].namespace] : $0 }
        addNodes(model, nodeOfWorkload, names: names)
        addEdges(model, nodeOfWorkload)
        addEntries(model, nodeOfWorkload, platforms)
        joinMutual()
    }

    private mutating func addNodes(_ model: NetworkModel, _ nodeOfWorkload: [Int?], names: [String]) {
        var members: [Int: [Int]] = [:]
        for (workload, node) in nodeOfWorkload.enumerated() { if let node { members[node, default: []].append(workload) } }
        for node in members.keys.sorted() {
            let workloads = members[node] ?? []
            guard let first = workloads.first.map({ model.workloads[$0] }) else { continue }
            nodes.append(
                Node(
                    label: isCollapsed ? first.namespace : first.name,
                    detail: isCollapsed ? "\(workloads.count) workload\(workloads.count == 1 ? "" : "s")" : first.kind,
                    namespace: isCollapsed ? "" : first.namespace, isOpen: workloads.allSatisfy { model.isUnrestricted(.ingress, $0) },
                    isFree: workloads.allSatisfy { model.isUnrestricted(.egress, $0) }))
        }
    }

    /// Worked out by groups: in an estate of ten thousand Pods those are few, or the picture would take minutes.
    private mutating func addEdges(_ model: NetworkModel, _ nodeOfWorkload: [Int?]) {
        var groups = Array(repeating: BitSet(), count: nodes.count)
        for (workload, node) in nodeOfWorkload.enumerated() {
            if let node { for group in model.workloads[workload].groups { groups[node].insert(group) } }
        }
        var rows = RowBuilder(model)
        for from in nodes.indices {
            var leaving: [Int: BitSet] = [:]
            for group in groups[from].members {
                for (destinations, connections) in rows.row(ofGroup: group) { leaving[connections, default: BitSet()].formUnion(destinations) }
            }
            for to in nodes.indices where to != from && !(nodes[from].isFree && nodes[to].isOpen) {
                let connections = ConnectionSet(unionOf: leaving.filter { !$0.value.isDisjoint(with: groups[to]) }.map { rows.connections($0.key) })
                guard !connections.isEmpty else { continue }
                edges.append(Edge(source: .node(from), destination: .node(to), label: FlowGraph.label(connections)))
            }
        }
        addOutside(model, nodeOfWorkload, .ingress)
        addOutside(model, nodeOfWorkload, .egress)
    }

    /// What policies let through between restricted nodes and addresses outside.
    private mutating func addOutside(_ model: NetworkModel, _ nodeOfWorkload: [Int?], _ direction: Direction) {
        let types = direction == .ingress ? model.ingress : model.egress
        var kinds: [Int: Set<Int>] = [:]
        for (workload, node) in nodeOfWorkload.enumerated() {
            guard let node, !(direction == .ingress ? nodes[node].isOpen : nodes[node].isFree) else { continue }
            for group in model.workloads[workload].groups { kinds[node, default: []].insert(types.kindOfGroup[group]) }
        }
        // One kind is that of many nodes, and may have thousands of parts.
        let outside = types.kinds.map { kind in
            let parts = kind.external.parts
            return (connections: ConnectionSet(unionOf: parts.map(\.connections)), addresses: AddressSet(unionOf: parts.map(\.region)))
        }
        for (node, kinds) in kinds {
            let connections = ConnectionSet(unionOf: kinds.map { outside[$0].connections })
            if connections.isEmpty { continue }
            let isEverywhere = AddressSet(unionOf: kinds.map { outside[$0].addresses }).v4.isEverything
            let some = isEverywhere ? "" : connections.isAll ? "some addresses" : " (some addresses)"
            let end = Edge.End.node(node)
            edges.append(
                Edge(
                    source: direction == .ingress ? .outside : end, destination: direction == .ingress ? end : .outside,
                    label: FlowGraph.label(connections) + some))
        }
    }

    private mutating func addEntries(_ model: NetworkModel, _ nodeOfWorkload: [Int?], _ platforms: [String]) {
        var found: [Int: (connections: ConnectionSet, kinds: Set<String>)] = [:]
        for entry in model.entries(platforms: platforms) where !entry.allowed.isEmpty {
            guard let node = nodeOfWorkload[entry.workload] else { continue }
            found[node, default: (.none, [])].connections.formUnion(entry.allowed)
            found[node]?.kinds.insert(entry.kind.title)
        }
        for (node, entry) in found {
            // What comes in this way says more than what policies would let in.
            edges.removeAll { $0.source == .outside && $0.destination == .node(node) }
            let ports = entry.connections.isAll ? "all" : FlowGraph.label(entry.connections)
            let label = "\(ports) via \(entry.kinds.sorted().joined(separator: ", "))"
            edges.append(Edge(source: .outside, destination: .node(node), label: label, isEntry: true))
        }
    }

    /// Makes one line of two that go to and fro with the same connections, and puts all into an order.
    private mutating func joinMutual() {
        let known = Set(edges)
        edges = edges.compactMap { edge in
            var edge = edge
            let back = Edge(source: edge.destination, destination: edge.source, label: edge.label)
            guard !edge.isEntry, known.contains(back) else { return edge }
            edge.isMutual = true
            return edge.source < edge.destination ? edge : nil
        }
        edges.sort { ($0.source, $0.destination, $0.label) < ($1.source, $1.destination, $1.label) }
    }

    /// As short as still says something; nothing for every connection.
    static func label(_ connections: ConnectionSet) -> String {
        if connections.isAll { return "" }
        let ports = TransportProtocol.allCases.flatMap { proto in
            connections[proto] == .allPorts ? [proto.rawValue] : connections.portTexts(proto).map { "\(proto.rawValue) \($0)" }
        }
        return ports.count <= 3 ? ports.joined(separator: ", ") : ports.prefix(2).joined(separator: ", ") + " + \(ports.count - 2)"
    }
}

extension Entry.Kind {
    /// As people know the object.
    public var title: String {
        switch self {
        case .loadBalancer: "LoadBalancer"
        case .nodePort: "NodePort"
        case .externalIP: "external IP"
        case .hostPort: "host port"
        case .ingress: "Ingress"
        case .gateway: "Gateway"
        }
    }
}

extension NetworkModel {
    /// Whether no policy restricts this direction: every connection, every Pod, every address.
    public func isUnrestricted(_ direction: Direction, _ workload: Int) -> Bool {
        let types = direction == .ingress ? ingress : egress
        return workloads[workload].groups.allSatisfy { group in
            let kind = types.kind(of: group)
            return kind.pods.parts.count == 1 && kind.pods.parts[0].connections.isAll && kind.pods.parts[0].region == groups.all
                && kind.external.parts.count == 1 && kind.external.parts[0].connections.isAll && kind.external.parts[0].region == .everything
        }
    }
}
