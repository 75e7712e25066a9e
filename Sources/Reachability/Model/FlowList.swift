extension NetworkModel {
    /// Every flow, sorted by source, then destination: addresses outside first, workloads by name.
    public var flows: [Flow] {
        var flows: [Flow] = []
        forEachFlow { flows.append($0) }
        return flows
    }

    /// Calls `body` for each flow in order, so that a list of millions need not be kept.
    ///
    /// A workload's connections to itself are not listed: Kubernetes never forbids a Pod to reach itself. IPv6 ranges are
    /// listed only where a policy that selects the workload names an IPv6 block in that direction; elsewhere nothing
    /// tells IPv6 addresses apart.
    public func forEachFlow(_ body: (Flow) -> Void) {
        for flow in ingressFlows() { body(flow) }
        var rows = RowBuilder(self)
        for source in workloads.indices {
            for flow in externalFlows(.egress, source) { body(flow) }
            for (destination, connections) in rows.destinations(of: source) {
                body(Flow(source: .workload(source), destination: .workload(destination), connections: connections))
            }
        }
    }

    private func ingressFlows() -> [Flow] {
        let flows = workloads.indices.flatMap { externalFlows(.ingress, $0) }
        return flows.enumerated().sorted { one, other in
            guard case .addresses(let first) = one.element.source, case .addresses(let second) = other.element.source, first != second else {
                return one.offset < other.offset
            }
            return first < second
        }.map(\.element)
    }

    func externalFlows(_ direction: Direction, _ workload: Int) -> [Flow] {
        let listsIPv6 = namesIPv6(direction, workload)
        var flows: [(AddressInterval, ConnectionSet)] = []
        for part in direction == .ingress ? externalIngress(of: workload) : externalEgress(of: workload) {
            for range in part.addresses.v4.ranges { flows.append((.v4(range), part.connections)) }
            if listsIPv6 { for range in part.addresses.v6.ranges { flows.append((.v6(range), part.connections)) } }
        }
        return flows.sorted { $0.0 < $1.0 }.map { range, connections in
            direction == .ingress
                ? Flow(source: .addresses(range), destination: .workload(workload), connections: connections)
                : Flow(source: .workload(workload), destination: .addresses(range), connections: connections)
        }
    }

    private func namesIPv6(_ direction: Direction, _ workload: Int) -> Bool {
        let types = direction == .ingress ? ingress : egress
        return workloads[workload].groups.contains { types.kind(of: $0).policies.contains { policies[$0].names(.v6, direction) } }
    }
}

/// Works out, for one source after the other, what it may open to each destination.
struct RowBuilder {
    private let model: NetworkModel
    /// Workloads of each group.
    private let workloadsOfGroup: [[Int]]
    /// Connection sets met so far, by number, so that they are compared and joined as numbers.
    private var table = ConnectionTable()
    /// The connections of each part of each ingress kind, by number.
    private let ingressNumbers: [[Int]]
    private let hasDividedWorkloads: Bool

    init(_ model: NetworkModel) {
        self.model = model
        var workloads = Array(repeating: [Int](), count: model.groups.groups.count)
        for (index, workload) in model.workloads.enumerated() {
            for group in workload.groups { workloads[group].append(index) }
        }
        workloadsOfGroup = workloads
        var table = ConnectionTable()
        ingressNumbers = model.ingress.kinds.map { $0.pods.parts.map { table.number(of: $0.connections) } }
        self.table = table
        hasDividedWorkloads = model.workloads.contains { $0.groups.count > 1 }
    }

    /// What a group may open, by disjoint sets of groups.
    mutating func row(ofGroup group: Int) -> [(groups: BitSet, connections: Int)] {
        var arriving: [Int: BitSet] = [:]
        for (index, kind) in model.ingress.kinds.enumerated() {
            for (part, number) in zip(kind.pods.parts, ingressNumbers[index]) where part.region.contains(group) {
                arriving[number, default: BitSet()].formUnion(kind.groups)
                break
            }
        }
        var row: [Int: BitSet] = [:]
        for part in model.egress.kind(of: group).pods.parts {
            let leaving = table.number(of: part.connections)
            for (number, groups) in arriving {
                let common = groups.intersection(part.region)
                if common.isEmpty { continue }
                let both = table.intersection(leaving, number)
                if both != ConnectionTable.none { row[both, default: BitSet()].formUnion(common) }
            }
        }
        return row.sorted { $0.key < $1.key }.map { ($0.value, $0.key) }
    }

    /// What a workload may open to each other one, by ascending destination.
    mutating func destinations(of source: Int) -> [(Int, ConnectionSet)] {
        var found = Array(repeating: ConnectionTable.none, count: model.workloads.count)
        for group in model.workloads[source].groups {
            for (groups, connections) in row(ofGroup: group) {
                groups.forEach { destination in
                    for workload in workloadsOfGroup[destination] where workload != source {
                        found[workload] = found[workload] == ConnectionTable.none ? connections : table.union(found[workload], connections)
                    }
                }
            }
        }
        return found.enumerated().compactMap { $0.element == ConnectionTable.none ? nil : ($0.offset, table.sets[$0.element]) }
    }
}

/// Connection sets by number.
struct ConnectionTable {
    private(set) var sets: [ConnectionSet] = [.none]
    private var numbers: [ConnectionSet: Int] = [.none: 0]
    private var intersections: [Pair: Int] = [:]
    private var unions: [Pair: Int] = [:]

    private struct Pair: Hashable {
        let one: Int
        let other: Int
    }

    static let none = 0

    mutating func number(of set: ConnectionSet) -> Int {
        if let known = numbers[set] { return known }
        numbers[set] = sets.count
        sets.append(set)
        return sets.count - 1
    }

    mutating func intersection(_ one: Int, _ other: Int) -> Int {
        if one == other { return one }
        let pair = Pair(one: min(one, other), other: max(one, other))
        if let known = intersections[pair] { return known }
        let number = number(of: sets[one].intersection(sets[other]))
        intersections[pair] = number
        return number
    }

    mutating func union(_ one: Int, _ other: Int) -> Int {
        if one == other { return one }
        let pair = Pair(one: min(one, other), other: max(one, other))
        if let known = unions[pair] { return known }
        let number = number(of: sets[one].union(sets[other]))
        unions[pair] = number
        return number
    }
}
