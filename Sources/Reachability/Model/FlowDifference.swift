/// A pair of ends between which two estates do not allow the same.
public struct FlowDifference: Sendable, Hashable {
    public let source: String
    public let destination: String
    /// What only the second estate allows.
    public let opened: ConnectionSet
    /// What only the first allows.
    public let closed: ConnectionSet

    /// What changes from one estate to another, sorted by source and destination. Workloads are the same when they have
    /// the same name; what a new one may do is opened, what a removed one could do is closed.
    public static func between(_ before: NetworkModel, _ after: NetworkModel) -> [FlowDifference] {
        let names = Set(before.workloads.map(\.description)).union(after.workloads.map(\.description)).sorted()
        var differences = names.flatMap { outside(before, after, .ingress, name: $0) + outside(before, after, .egress, name: $0) }
        differences += inside(before, after, names)
        return differences.enumerated().sorted { one, other in
            let (first, second) = (one.element, other.element)
            return (first.source, first.destination, one.offset) < (second.source, second.destination, other.offset)
        }.map(\.element)
    }

    /// Workloads that are in the same groups before, and in the same groups after, change alike: what changes is worked
    /// out once for all of them.
    private static func inside(_ before: NetworkModel, _ after: NetworkModel, _ names: [String]) -> [FlowDifference] {
        let (old, new) = (before.groupsByName, after.groupsByName)
        let classes = Dictionary(grouping: names) { ChangeClass(before: old[$0] ?? [], after: new[$0] ?? []) }.map { ($0.key, $0.value) }
        var sides = (before: DifferenceSide(before), after: DifferenceSide(after))
        var common = ConnectionTable()
        var differences: [FlowDifference] = []
        for (source, sources) in classes {
            sides.before.begin(source.before, &common)
            sides.after.begin(source.after, &common)
            for (destination, destinations) in classes {
                let (was, will) = (sides.before.connections(to: destination.before, &common), sides.after.connections(to: destination.after, &common))
                guard was != will else { continue }
                let (earlier, later) = (common.sets[was], common.sets[will])
                let (opened, closed) = (later.subtracting(earlier), earlier.subtracting(later))
                for from in sources {
                    for to in destinations where to != from {
                        differences.append(FlowDifference(source: from, destination: to, opened: opened, closed: closed))
                    }
                }
            }
        }
        return differences
    }

    private struct ChangeClass: Hashable {
        let before: [Int]
        let after: [Int]
    }

    /// What changes between one workload and the addresses outside.
    private static func outside(_ before: NetworkModel, _ after: NetworkModel, _ direction: Direction, name: String) -> [FlowDifference] {
        let (one, other) = (OutsideRow(before, direction, name), OutsideRow(after, direction, name))
        if one.parts == other.parts { return [] }
        let listsIPv6 = one.listsIPv6 || other.listsIPv6
        var changed: [(AddressInterval, ConnectionSet, ConnectionSet)] = []
        for piece in AddressSet.pieces(of: (one.parts + other.parts).map(\.addresses)) {
            // Parts of one side do not overlap, so there is at most one of each.
            let old = piece.holders.first { $0 < one.parts.count }.map { one.parts[$0].connections } ?? .none
            let new = piece.holders.last { $0 >= one.parts.count }.map { other.parts[$0 - one.parts.count].connections } ?? .none
            guard old != new else { continue }
            for range in piece.region.ranges {
                if case .v6 = range, !listsIPv6 { continue }
                changed.append((range, new.subtracting(old), old.subtracting(new)))
            }
        }
        return changed.sorted { $0.0 < $1.0 }.map { range, opened, closed in
            direction == .ingress
                ? FlowDifference(source: range.description, destination: name, opened: opened, closed: closed)
                : FlowDifference(source: name, destination: range.description, opened: opened, closed: closed)
        }
    }
}

extension NetworkModel {
    fileprivate var groupsByName: [String: [Int]] {
        Dictionary(workloads.map { ($0.description, $0.groups) }) { first, _ in first }
    }
}

/// One of two estates that are compared: what a source may open, with connections numbered as in the other estate, so that to
/// compare is to compare numbers.
private struct DifferenceSide {
    private var rows: RowBuilder
    private var found: [Int]

    init(_ model: NetworkModel) {
        rows = RowBuilder(model)
        found = Array(repeating: ConnectionTable.none, count: model.groups.groups.count)
    }

    /// Takes up a new source, which has Pods in these groups.
    mutating func begin(_ sources: [Int], _ common: inout ConnectionTable) {
        for index in found.indices { found[index] = ConnectionTable.none }
        for source in sources {
            for (groups, connections) in rows.row(ofGroup: source) {
                let number = common.number(of: rows.connections(connections))
                for destination in groups.members { found[destination] = common.join(found[destination], number) }
            }
        }
    }

    func connections(to destinations: [Int], _ common: inout ConnectionTable) -> Int {
        if destinations.count == 1 { return found[destinations[0]] }
        return destinations.reduce(ConnectionTable.none) { common.join($0, found[$1]) }
    }
}

private struct OutsideRow {
    var parts: [ExternalConnections] = []
    var listsIPv6 = false

    init(_ model: NetworkModel, _ direction: Direction, _ name: String) {
        guard let workload = model.number(ofWorkload: name) else { return }
        parts = direction == .ingress ? model.externalIngress(of: workload) : model.externalEgress(of: workload)
        listsIPv6 = model.namesIPv6(direction, workload)
    }
}
