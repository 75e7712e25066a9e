/// What every way from a place to the cluster passes: the tree of dominators of the graph read backwards from the cluster.
///
/// The algorithm is that of T. Lengauer and R. E. Tarjan, "A fast algorithm for finding dominators in a flowgraph" (1979), in its
/// simple form with path compression: about as many steps as edges, whatever the graph looks like. No recursion, since a chain
/// of ten thousand service accounts is as deep as it is long.
struct Dominators {
    /// The nearest place that all ways from a place pass, -1 for the cluster and for places without a way.
    let parent: [Int32]
    /// First and one behind the last number of a place's subtree, in one numbering of all places.
    private let first: [Int32]
    private let last: [Int32]

    init(_ graph: EscalationGraph, arriving: EdgeIndex, leaving: EdgeIndex) {
        var work = LengauerTarjan(places: graph.places.count)
        work.number(from: EscalationGraph.cluster) { place in arriving[place].lazy.map { graph.edges[Int($0)].from } }
        work.dominate { place in leaving[place].lazy.map { graph.edges[Int($0)].to } }
        parent = work.dominators
        (first, last) = Dominators.intervals(parent, order: work.order)
    }

    /// Whether every way from `place` passes `other`, or both are one.
    func dominates(_ other: Int32, _ place: Int32) -> Bool {
        first[Int(other)] <= first[Int(place)] && first[Int(place)] < last[Int(other)]
    }

    /// The numbers of a subtree, for counting what lies in several.
    func interval(of place: Int32) -> Range<Int32> { first[Int(place)]..<last[Int(place)] }

    func number(of place: Int32) -> Int32 { first[Int(place)] }

    /// Numbers every tree of dominators so that a subtree is an interval. Places without a way get empty ones.
    private static func intervals(_ parent: [Int32], order: [Int32]) -> ([Int32], [Int32]) {
        var sizes = [Int32](repeating: 0, count: parent.count)
        // A dominator is numbered before what it dominates, so backwards all of a subtree is counted before its root.
        for place in order.reversed() {
            sizes[Int(place)] += 1
            if parent[Int(place)] >= 0 { sizes[Int(parent[Int(place)])] += sizes[Int(place)] }
        }
        var first = [Int32](repeating: -1, count: parent.count)
        var last = first
        var next = [Int32](repeating: 0, count: parent.count)
        for place in order {
            let above = parent[Int(place)]
            let start = above >= 0 ? next[Int(above)] : 0
            if above >= 0 { next[Int(above)] += sizes[Int(place)] }
            first[Int(place)] = start
            last[Int(place)] = start + sizes[Int(place)]
            next[Int(place)] = start + 1
        }
        return (first, last)
    }
}

private struct LengauerTarjan {
    /// Places in the order of a depth-first search.
    private(set) var order: [Int32] = []
    private(set) var dominators: [Int32]
    /// Number in that order, -1 for what was not reached.
    private var number: [Int32]
    private var above: [Int32]
    private var semi: [Int32]
    private var ancestor: [Int32]
    private var best: [Int32]

    init(places: Int) {
        let none = [Int32](repeating: -1, count: places)
        (dominators, number, above, semi, ancestor) = (none, none, none, none, none)
        best = (0..<Int32(places)).map { $0 }
    }

    mutating func number<Next: Sequence>(from root: Int32, _ following: (Int32) -> Next) where Next.Element == Int32 {
        var open: [(place: Int32, from: Int32)] = [(root, -1)]
        while let (place, from) = open.popLast() {
            guard number[Int(place)] < 0 else { continue }
            number[Int(place)] = Int32(order.count)
            semi[Int(place)] = Int32(order.count)
            above[Int(place)] = from
            order.append(place)
            for next in following(place) where number[Int(next)] < 0 { open.append((next, place)) }
        }
    }

    mutating func dominate<Before: Sequence>(_ preceding: (Int32) -> Before) where Before.Element == Int32 {
        // By place: those whose semidominator it is, as linked lists.
        var bucket = [Int32](repeating: -1, count: number.count)
        var nextInBucket = bucket
        for place in order.dropFirst().reversed() {
            for before in preceding(place) where number[Int(before)] >= 0 {
                semi[Int(place)] = min(semi[Int(place)], semi[Int(evaluate(before))])
            }
            let target = Int(order[Int(semi[Int(place)])])
            nextInBucket[Int(place)] = bucket[target]
            bucket[target] = place
            let parent = above[Int(place)]
            ancestor[Int(place)] = parent
            var waiting = bucket[Int(parent)]
            bucket[Int(parent)] = -1
            while waiting >= 0 {
                let candidate = evaluate(waiting)
                dominators[Int(waiting)] = semi[Int(candidate)] < semi[Int(waiting)] ? candidate : parent
                waiting = nextInBucket[Int(waiting)]
            }
        }
        for place in order.dropFirst() where dominators[Int(place)] != order[Int(semi[Int(place)])] {
            dominators[Int(place)] = dominators[Int(dominators[Int(place)])]
        }
    }

    /// The place with the smallest semidominator on the way up the forest, which is flattened on the way.
    private mutating func evaluate(_ place: Int32) -> Int32 {
        guard ancestor[Int(place)] >= 0 else { return place }
        var path: [Int32] = []
        var here = place
        while ancestor[Int(ancestor[Int(here)])] >= 0 {
            path.append(here)
            here = ancestor[Int(here)]
        }
        for here in path.reversed() {
            let up = ancestor[Int(here)]
            if semi[Int(best[Int(up)])] < semi[Int(best[Int(here)])] { best[Int(here)] = best[Int(up)] }
            ancestor[Int(here)] = ancestor[Int(up)]
        }
        return best[Int(place)]
    }
}
