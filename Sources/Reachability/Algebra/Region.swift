/// What the other end of a connection may be: a set of Pods, or of addresses. Policies mean the same for both, so the
/// rules that combine them are written once, over this.
protocol Region: Hashable, Sendable {
    init()
    var isEmpty: Bool { get }
    func union(_ other: Self) -> Self
    func intersection(_ other: Self) -> Self
    func subtracting(_ other: Self) -> Self
    func isDisjoint(with other: Self) -> Bool
    /// The pieces into which regions cut each other: disjoint, each with the regions that hold it, ascending. What no
    /// region holds is left out.
    static func pieces(of regions: [Self]) -> [Piece<Self>]
}

struct Piece<R> {
    let region: R
    /// Indexes of the regions that hold this piece.
    let holders: [Int]
}

/// From how many regions on they are cut all at once. Fewer are cut one after the other, which is quicker then; many would
/// take a time that grows with their square.
let manyRegions = 24

/// Which connections are possible with which part of a region. Parts are disjoint, none is empty, and no two parts
/// have the same connections.
struct Relation<R: Region>: Sendable {
    struct Part: Sendable {
        var region: R
        var connections: ConnectionSet
    }

    private(set) var parts: [Part] = []

    init() {}

    init(_ region: R, _ connections: ConnectionSet) {
        if !region.isEmpty, !connections.isEmpty { parts = [Part(region: region, connections: connections)] }
    }

    /// Everything that at least one of the terms allows; terms may overlap.
    init(allowing terms: [Part]) {
        // Most terms repeat the ports of others: what remains to be cut along overlaps is few.
        var byConnections: [ConnectionSet: R] = [:]
        var order: [ConnectionSet] = []
        for term in terms where !term.connections.isEmpty && !term.region.isEmpty {
            if let known = byConnections[term.connections] {
                byConnections[term.connections] = known.union(term.region)
            } else {
                byConnections[term.connections] = term.region
                order.append(term.connections)
            }
        }
        if order.count <= manyRegions {
            for connections in order { if let region = byConnections[connections] { add(region, connections) } }
        } else {
            parts = R.pieces(of: order.map { byConnections[$0] ?? R() }).map { piece in
                Part(region: piece.region, connections: ConnectionSet(unionOf: piece.holders.map { order[$0] }))
            }
        }
        merge()
    }

    /// - Parameter disjoint: parts that do not overlap, though connections may repeat.
    init(disjoint parts: [Part]) {
        self.parts = parts.filter { !$0.region.isEmpty && !$0.connections.isEmpty }
        merge()
    }

    func connections(where matches: (R) -> Bool) -> ConnectionSet {
        parts.first { matches($0.region) }?.connections ?? .none
    }

    private mutating func add(_ region: R, _ connections: ConnectionSet) {
        var rest = region
        for index in parts.indices where !parts[index].region.isDisjoint(with: rest) {
            let common = parts[index].region.intersection(rest)
            let joined = parts[index].connections.union(connections)
            rest = rest.subtracting(common)
            guard joined != parts[index].connections else { continue }
            let left = parts[index].region.subtracting(common)
            if left.isEmpty {
                parts[index].connections = joined
            } else {
                parts[index].region = left
                parts.append(Part(region: common, connections: joined))
            }
        }
        if !rest.isEmpty { parts.append(Part(region: rest, connections: connections)) }
    }

    /// Brings parts with the same connections together.
    private mutating func merge() {
        guard parts.count > 1 else { return }
        var places: [ConnectionSet: Int] = [:]
        var merged: [Part] = []
        for part in parts {
            if let place = places[part.connections] {
                merged[place].region = merged[place].region.union(part.region)
            } else {
                places[part.connections] = merged.count
                merged.append(part)
            }
        }
        parts = merged
    }
}
