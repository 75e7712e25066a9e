/// Flows with sources and destinations brought together where they share what is possible, for people to read: an
/// estate in which nothing is restricted is one row.
public struct FoldedFlows {
    public struct Row: Sendable, Equatable {
        /// A workload, `shop/*` for all of a namespace, `every workload`, `everything`, or addresses.
        public let source: String
        public let destination: String
        public let connections: ConnectionSet
    }

    /// By destination, those outside last; no more than were asked for.
    public private(set) var rows: [Row] = []
    /// Rows beyond those.
    public private(set) var leftOut = 0
    private let maximum: Int
    private let model: NetworkModel
    private let workloadsOfGroup: [[Int]]
    private let members: [String: [Int]]

    /// - Parameter maximum: rows that are made; more are only counted, since an estate may have a hundred million.
    public init(_ model: NetworkModel, maximum: Int = .max) {
        self.model = model
        self.maximum = maximum
        workloadsOfGroup = model.workloadsOfGroup
        members = Dictionary(grouping: model.workloads.indices) { model.workloads[$0].namespace }
        for fold in inside() { add(fold) }
        for fold in outside() { add(fold) }
    }

    // MARK: - Destinations inside

    /// Destinations to which the same sources have the same connections.
    private struct Fold {
        var destinations: BitSet
        let sources: [(groups: BitSet, connections: ConnectionSet)]
        let outside: [ExternalConnections]
    }

    private struct Signature: Hashable {
        let sources: [BitSet]
        let connections: [Int]
        let outside: [ExternalConnections]
    }

    /// Worked out by groups: workloads that no policy tells apart take no time of their own.
    private func inside() -> [Fold] {
        var columns = Array(repeating: [Int: BitSet](), count: workloadsOfGroup.count)
        var rows = RowBuilder(model)
        for source in workloadsOfGroup.indices {
            for (groups, connections) in rows.row(ofGroup: source) {
                groups.forEach { columns[$0][connections, default: BitSet()].insert(source) }
            }
        }
        var folds: [Fold] = []
        var known: [Signature: Int] = [:]
        for (destination, column) in columns.enumerated() {
            let outside = model.ingress.kind(of: destination).external.parts.map {
                ExternalConnections(addresses: $0.region, connections: $0.connections)
            }
            guard !column.isEmpty || !outside.isEmpty else { continue }
            let sources = column.sorted { $0.key < $1.key }
            let signature = Signature(sources: sources.map(\.value), connections: sources.map(\.key), outside: outside)
            if let fold = known[signature] {
                folds[fold].destinations.insert(destination)
            } else {
                known[signature] = folds.count
                var destinations = BitSet()
                destinations.insert(destination)
                folds.append(Fold(destinations: destinations, sources: sources.map { ($0.value, rows.connections($0.key)) }, outside: outside))
            }
        }
        return folds
    }

    private mutating func add(_ fold: Fold) {
        let destinations = labels(fold.destinations)
        var everywhere: Set<ConnectionSet> = []
        for (groups, connections) in fold.sources {
            if groups == model.groups.all, fold.outside.contains(where: { $0.addresses == .everything && $0.connections == connections }) {
                everywhere.insert(connections)
                add(["everything"], destinations, connections)
            } else {
                add(labels(groups), destinations, connections)
            }
        }
        for part in fold.outside where !(part.addresses == .everything && everywhere.contains(part.connections)) {
            add([FoldedFlows.label(part.addresses)], destinations, part.connections)
        }
    }

    private mutating func add(_ sources: [String], _ destinations: [String], _ connections: ConnectionSet) {
        guard rows.count < maximum else {
            leftOut += sources.count * destinations.count
            return
        }
        for source in sources {
            // A workload and itself is no flow; all of a namespace among themselves is.
            for destination in destinations where source != destination || source.hasSuffix("*") || source == "every workload" {
                if rows.count < maximum {
                    rows.append(Row(source: source, destination: destination, connections: connections))
                } else {
                    leftOut += 1
                }
            }
        }
    }

    // MARK: - Destinations outside

    /// Groups that reach the same addresses outside.
    private func outside() -> [(sources: BitSet, outside: [ExternalConnections])] {
        var folds: [(sources: BitSet, outside: [ExternalConnections])] = []
        var known: [[ExternalConnections]: Int] = [:]
        for kind in model.egress.kinds where !kind.external.parts.isEmpty {
            let outside = kind.external.parts.map { ExternalConnections(addresses: $0.region, connections: $0.connections) }
            if let fold = known[outside] {
                folds[fold].sources.formUnion(kind.groups)
            } else {
                known[outside] = folds.count
                folds.append((kind.groups, outside))
            }
        }
        return folds
    }

    private mutating func add(_ fold: (sources: BitSet, outside: [ExternalConnections])) {
        let sources = labels(fold.sources)
        for part in fold.outside { add(sources, [FoldedFlows.label(part.addresses)], part.connections) }
    }

    // MARK: - Words

    /// As few words as name exactly the workloads of these groups.
    private func labels(_ groups: BitSet) -> [String] {
        let workloads = Set(groups.members.flatMap { workloadsOfGroup[$0] })
        if workloads.count > 1, workloads.count == model.workloads.count { return ["every workload"] }
        var labels: [String] = []
        var named: Set<String> = []
        for workload in workloads.sorted() {
            let namespace = model.workloads[workload].namespace
            let together = members[namespace] ?? []
            if together.count > 1, named.contains(namespace) || together.allSatisfy(workloads.contains) {
                if named.insert(namespace).inserted { labels.append("\(namespace)/*") }
            } else {
                labels.append(model.workloads[workload].description)
            }
        }
        return labels
    }

    /// Blocks of addresses, three at most.
    private static func label(_ addresses: AddressSet) -> String {
        if addresses == .everything { return "outside" }
        if addresses == .everyIPv4 { return "outside (IPv4)" }
        // IPv6 is told apart only where a policy speaks of it.
        let ranges = addresses.v6.isEmpty || addresses.v6.isEverything ? AddressSet(v4: addresses.v4).ranges : addresses.ranges
        guard !ranges.isEmpty else { return "outside (IPv6)" }
        let texts = ranges.prefix(3).map(\.description)
        return texts.joined(separator: ", ") + (ranges.count > 3 ? " and \(ranges.count - 3) more ranges" : "")
    }
}
