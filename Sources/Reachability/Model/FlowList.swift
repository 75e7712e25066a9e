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

    /// Workloads of each group.
    var workloadsOfGroup: [[Int]] {
        var found = Array(repeating: [Int](), count: groups.groups.count)
        for (index, workload) in workloads.enumerated() {
            for group in workload.groups { found[group].append(index) }
        }
        return found
    }

    /// Flows from workloads of some namespaces to those of others, for proofs that tenants are kept apart.
    public func flows(from sources: Set<String>, to destinations: Set<String>) -> [Flow] {
        var rows = RowBuilder(self)
        let numbers = workloads.indices.filter { sources.contains(workloads[$0].namespace) }
        return numbers.flatMap { source in
            rows.destinations(of: source).filter { destinations.contains(workloads[$0.0].namespace) }.map {
                Flow(source: .workload(source), destination: .workload($0.0), connections: $0.1)
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

    func namesIPv6(_ direction: Direction, _ workload: Int) -> Bool {
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
    private var table: ConnectionTable
    private let arrivals: Arrivals
    /// What the source at hand may open to each workload, and to which it may open anything; empty between two rows.
    private var found: [Int]
    private var touched: [Int] = []

    init(_ model: NetworkModel) {
        self.model = model
        workloadsOfGroup = model.workloadsOfGroup
        var table = ConnectionTable()
        arrivals = Arrivals(model.ingress, groups: workloadsOfGroup.count, &table)
        self.table = table
        found = Array(repeating: ConnectionTable.none, count: model.workloads.count)
    }

    /// The connections a row gives by their number.
    func connections(_ number: Int) -> ConnectionSet { table.sets[number] }

    /// What a group may open, by disjoint sets of groups and the number of the connections.
    mutating func row(ofGroup group: Int) -> [(groups: BitSet, connections: Int)] {
        let arriving = arrivals.of(group)
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
        for group in model.workloads[source].groups {
            for (groups, connections) in row(ofGroup: group) {
                for destination in groups.members {
                    for workload in workloadsOfGroup[destination] where workload != source { add(connections, to: workload) }
                }
            }
        }
        // A walk over all of them is cheaper than sorting many.
        if touched.count > found.count / 16 {
            touched = found.indices.filter { found[$0] != ConnectionTable.none }
        } else {
            touched.sort()
        }
        let row = touched.map { ($0, table.sets[found[$0]]) }
        for workload in touched { found[workload] = ConnectionTable.none }
        touched.removeAll(keepingCapacity: true)
        return row
    }

    private mutating func add(_ connections: Int, to workload: Int) {
        if found[workload] == ConnectionTable.none { touched.append(workload) }
        found[workload] = table.join(found[workload], connections)
    }
}

/// What ingress rules let in, looked up by source.
private struct Arrivals {
    private struct Part {
        let sources: BitSet
        let destinations: BitSet
        /// Of the connections.
        let number: Int
    }

    /// Parts that many sources are in: each source looks at all of them.
    private var wide: [Part] = []
    /// Parts that few sources are in, by source, so that the rest need not look at them.
    private var narrow: [[Part]]

    init(_ types: ConnectionTypes, groups: Int, _ table: inout ConnectionTable) {
        narrow = Array(repeating: [], count: groups)
        for kind in types.kinds {
            for part in kind.pods.parts {
                let arrival = Part(sources: part.region, destinations: kind.groups, number: table.number(of: part.connections))
                if part.region.count > groups / 32 {
                    wide.append(arrival)
                } else {
                    part.region.forEach { narrow[$0].append(arrival) }
                }
            }
        }
        mergeWide()
    }

    /// Kinds often let in the same sources: everything, or a namespace.
    private mutating func mergeWide() {
        struct Key: Hashable {
            let sources: BitSet
            let number: Int
        }
        var places: [Key: Int] = [:]
        var merged: [Part] = []
        for part in wide {
            let key = Key(sources: part.sources, number: part.number)
            if let place = places[key] {
                let destinations = merged[place].destinations.union(part.destinations)
                merged[place] = Part(sources: part.sources, destinations: destinations, number: part.number)
            } else {
                places[key] = merged.count
                merged.append(part)
            }
        }
        wide = merged
    }

    /// What reaches which destinations from a source, by the number of the connections.
    func of(_ group: Int) -> [Int: BitSet] {
        var arriving: [Int: BitSet] = [:]
        for part in wide where part.sources.contains(group) { arriving[part.number, default: BitSet()].formUnion(part.destinations) }
        for part in narrow[group] { arriving[part.number, default: BitSet()].formUnion(part.destinations) }
        return arriving
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

    /// The number of what either of two is.
    mutating func join(_ one: Int, _ other: Int) -> Int {
        if one == other || other == ConnectionTable.none { return one }
        if one == ConnectionTable.none { return other }
        let pair = Pair(one: min(one, other), other: max(one, other))
        if let known = unions[pair] { return known }
        let number = number(of: sets[one].union(sets[other]))
        unions[pair] = number
        return number
    }
}
