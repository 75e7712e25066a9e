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
        var rows = (before: NamedRows(before), after: NamedRows(after))
        let names = Set(rows.before.names).union(rows.after.names).sorted()
        rows.before.number(by: names)
        rows.after.number(by: names)
        var differences = names.flatMap { outside(before, after, .ingress, name: $0) }
        for (number, name) in names.enumerated() {
            differences += outside(before, after, .egress, name: name)
            var (old, new) = (rows.before.row(number)[...], rows.after.row(number)[...])
            while let next = [old.first?.0, new.first?.0].compactMap(\.self).min() {
                let (one, other) = (take(next, from: &old), take(next, from: &new))
                guard one != other else { continue }
                differences.append(
                    FlowDifference(source: name, destination: names[next], opened: other.subtracting(one), closed: one.subtracting(other)))
            }
        }
        return differences
    }

    private static func take(_ number: Int, from row: inout ArraySlice<(Int, ConnectionSet)>) -> ConnectionSet {
        guard let first = row.first, first.0 == number else { return .none }
        row = row.dropFirst()
        return first.1
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

/// The rows of a model, its workloads numbered as those of another model too.
private struct NamedRows {
    private var rows: RowBuilder
    let names: [String]
    /// The common number of each workload, and the workload of each common number.
    private var common: [Int] = []
    private var own: [Int: Int] = [:]

    init(_ model: NetworkModel) {
        rows = RowBuilder(model)
        names = model.workloads.map(\.description)
    }

    /// - Parameter all: the names of both models, sorted.
    mutating func number(by all: [String]) {
        let numbers = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, $0) })
        common = names.map { numbers[$0] ?? 0 }
        own = Dictionary(zip(common, common.indices)) { first, _ in first }
    }

    /// Ascending, since workloads are sorted by name.
    mutating func row(_ number: Int) -> [(Int, ConnectionSet)] {
        guard let source = own[number] else { return [] }
        return rows.destinations(of: source).map { (common[$0.0], $0.1) }
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
