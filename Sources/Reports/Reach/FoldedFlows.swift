import Reachability

/// Flows with sources and destinations brought together where they share what is possible: an estate in which nothing
/// is restricted is one row.
struct FoldedFlows {
    /// Source, destination, connections.
    private(set) var rows: [[String]] = []
    private let model: NetworkModel
    private let all: Set<Int>
    private var members: [String: [Int]] = [:]

    init(_ model: NetworkModel) {
        self.model = model
        all = Set(model.workloads.indices)
        members = Dictionary(grouping: model.workloads.indices) { model.workloads[$0].namespace }
        for fold in foldInside() { add(fold) }
        for fold in foldOutside() { add(fold) }
    }

    /// Destinations to which the same sources have the same connections.
    private struct Fold {
        var destinations: [Int]
        /// Who reaches them, and whether every address outside does too.
        let sources: [(workloads: [Int], connections: ConnectionSet)]
        let outside: [ExternalConnections]
    }

    private struct Signature: Hashable {
        let sources: [[Int]]
        let connections: [ConnectionSet]
        let outside: [ExternalConnections]
    }

    private func foldInside() -> [Fold] {
        var columns = Array(repeating: [ConnectionSet: [Int]](), count: model.workloads.count)
        model.forEachRow { source, destination, connections in columns[destination][connections, default: []].append(source) }
        var folds: [Fold] = []
        var known: [Signature: Int] = [:]
        for (destination, column) in columns.enumerated() {
            let outside = model.externalIngress(of: destination)
            guard !column.isEmpty || !outside.isEmpty else { continue }
            let sources = column.sorted { ($0.value.first ?? 0, $0.key.description) < ($1.value.first ?? 0, $1.key.description) }
            let signature = Signature(sources: sources.map(\.value), connections: sources.map(\.key), outside: outside)
            if let fold = known[signature] {
                folds[fold].destinations.append(destination)
            } else {
                known[signature] = folds.count
                folds.append(Fold(destinations: [destination], sources: sources.map { ($0.value, $0.key) }, outside: outside))
            }
        }
        return folds
    }

    private mutating func add(_ fold: Fold) {
        let destinations = labels(fold.destinations)
        var everywhere = Set<ConnectionSet>()
        for (workloads, connections) in fold.sources {
            let isOutside = fold.outside.contains { $0.addresses == .everything && $0.connections == connections }
            if isOutside, Set(workloads) == all {
                everywhere.insert(connections)
                for destination in destinations { rows.append(["everything", destination, connections.description]) }
                continue
            }
            for source in labels(workloads) {
                for destination in destinations where source != destination || source.hasSuffix("*") {
                    rows.append([source, destination, connections.description])
                }
            }
        }
        for part in fold.outside where !(part.addresses == .everything && everywhere.contains(part.connections)) {
            for destination in destinations { rows.append([FoldedFlows.label(part.addresses), destination, part.connections.description]) }
        }
    }

    /// Workloads that reach the same addresses outside.
    private func foldOutside() -> [(sources: [Int], outside: [ExternalConnections])] {
        var folds: [(sources: [Int], outside: [ExternalConnections])] = []
        var known: [[ExternalConnections]: Int] = [:]
        for source in model.workloads.indices {
            let outside = model.externalEgress(of: source)
            guard !outside.isEmpty else { continue }
            if let fold = known[outside] {
                folds[fold].sources.append(source)
            } else {
                known[outside] = folds.count
                folds.append(([source], outside))
            }
        }
        return folds
    }

    private mutating func add(_ fold: (sources: [Int], outside: [ExternalConnections])) {
        for source in labels(fold.sources) {
            for part in fold.outside { rows.append([source, FoldedFlows.label(part.addresses), part.connections.description]) }
        }
    }

    /// As few words as name exactly these.
    private func labels(_ workloads: [Int]) -> [String] {
        if workloads.count > 1, workloads.count == all.count { return ["every workload"] }
        var labels: [String] = []
        let found = Set(workloads)
        var named: Set<String> = []
        for workload in workloads {
            let namespace = model.workloads[workload].namespace
            let together = members[namespace] ?? []
            if together.count > 1, together.allSatisfy(found.contains) {
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
        guard !ranges.isEmpty else { return "outside, IPv6 only" }
        let texts = ranges.prefix(3).map(\.description)
        return texts.joined(separator: ", ") + (ranges.count > 3 ? " and \(ranges.count - 3) more ranges" : "")
    }
}
