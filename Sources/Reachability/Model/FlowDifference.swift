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
        var differences = outside(before, after, .ingress)
        var rows = (before: NamedRows(before), after: NamedRows(after))
        for name in Set(rows.before.names).union(rows.after.names).sorted() {
            differences += outside(before, after, .egress, name: name)
            let (one, other) = (rows.before.row(name), rows.after.row(name))
            for destination in Set(one.keys).union(other.keys).sorted() {
                let (old, new) = (one[destination] ?? .none, other[destination] ?? .none)
                guard old != new else { continue }
                differences.append(
                    FlowDifference(source: name, destination: destination, opened: new.subtracting(old), closed: old.subtracting(new)))
            }
        }
        return differences
    }

    private static func outside(_ before: NetworkModel, _ after: NetworkModel, _ direction: Direction) -> [FlowDifference] {
        let names = Set(before.workloads.map(\.description)).union(after.workloads.map(\.description)).sorted()
        return names.flatMap { outside(before, after, direction, name: $0) }
    }

    /// What changes between one workload and the addresses outside.
    private static func outside(_ before: NetworkModel, _ after: NetworkModel, _ direction: Direction, name: String) -> [FlowDifference] {
        let (one, other) = (OutsideRow(before, direction, name), OutsideRow(after, direction, name))
        if one.parts == other.parts { return [] }
        let listsIPv6 = one.listsIPv6 || other.listsIPv6
        var changed: [(AddressInterval, ConnectionSet, ConnectionSet)] = []
        func compare(_ addresses: AddressSet, _ old: ConnectionSet, _ new: ConnectionSet) {
            guard old != new else { return }
            for range in addresses.ranges {
                if case .v6 = range, !listsIPv6 { continue }
                changed.append((range, new.subtracting(old), old.subtracting(new)))
            }
        }
        for new in other.parts {
            var rest = new.addresses
            for old in one.parts {
                compare(new.addresses.intersection(old.addresses), old.connections, new.connections)
                rest = rest.subtracting(old.addresses)
            }
            compare(rest, .none, new.connections)
        }
        for old in one.parts {
            compare(other.parts.reduce(old.addresses) { $0.subtracting($1.addresses) }, old.connections, .none)
        }
        return changed.sorted { $0.0 < $1.0 }.map { range, opened, closed in
            direction == .ingress
                ? FlowDifference(source: range.description, destination: name, opened: opened, closed: closed)
                : FlowDifference(source: name, destination: range.description, opened: opened, closed: closed)
        }
    }
}

/// The rows of a model by the names of its workloads.
private struct NamedRows {
    private let model: NetworkModel
    private var rows: RowBuilder
    private let numbers: [String: Int]
    let names: [String]

    init(_ model: NetworkModel) {
        self.model = model
        rows = RowBuilder(model)
        names = model.workloads.map(\.description)
        numbers = Dictionary(zip(names, names.indices)) { first, _ in first }
    }

    mutating func row(_ name: String) -> [String: ConnectionSet] {
        guard let source = numbers[name] else { return [:] }
        return Dictionary(rows.destinations(of: source).map { (names[$0.0], $0.1) }) { first, _ in first }
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
