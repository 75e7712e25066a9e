/// How each subject's way begins with something that the API server does not make itself: a binding, rights that several
/// bindings give together, a rule that was added to a default role. Its own components have great rights by their own bindings;
/// nobody is to blame that these lead to what others made.
struct EscalationStarts: Sendable {
    struct Start: Sendable {
        /// From the subject on, until the way may go on as the search found it.
        let edges: [Int32]
        let rank: UInt8
        let steps: Int32

        static func < (one: Start, other: Start) -> Bool { (one.rank, one.steps) < (other.rank, other.steps) }
    }

    private var starts: [Int32: Start] = [:]

    /// - Parameter dominators: tell a way that only comes back to the subject, which is none.
    init(_ graph: EscalationGraph, _ search: EscalationSearch, _ dominators: Dominators, leaving: EdgeIndex) {
        let places = graph.subjects.indices.map { graph.place(ofSubject: $0) }
        for place in places { starts[place] = EscalationStarts.direct(place, graph, search, dominators, leaving) }
        let groups = starts
        for place in places {
            for index in leaving[place] {
                let edge = graph.edges[Int(index)]
                // Each subject leads to all its groups at once, so that what a group has by its own groups is not asked for.
                guard edge.technique >= 0, graph.subject(at: edge.to) != nil, let start = groups[edge.to] else { continue }
                let member = Start(edges: [index] + start.edges, rank: start.rank, steps: start.steps + 1)
                if let known = starts[place], !(member < known) { continue }
                starts[place] = member
            }
        }
    }

    subscript(_ place: Int32) -> Start? { starts[place] }

    /// The best beginning by a subject's own bindings.
    private static func direct(
        _ place: Int32, _ graph: EscalationGraph, _ search: EscalationSearch, _ dominators: Dominators, _ leaving: EdgeIndex
    ) -> Start? {
        var best: Start?
        func consider(_ edges: [Int32]) {
            guard let last = edges.last else { return }
            let end = Int(graph.edges[Int(last)].to)
            guard search.reaches(Int32(end)), !dominators.dominates(place, Int32(end)) else { return }
            let start = Start(edges: edges, rank: search.ranks[end], steps: search.steps[end])
            if let known = best, !(start < known) { return }
            best = start
        }
        for index in leaving[place] {
            let edge = graph.edges[Int(index)]
            switch graph.places[Int(edge.to)] {
            case .binding(_, isOwn: false): consider([index])
            case .combination: if edge.isForeign { consider([index]) }
            case .binding(_, isOwn: true):
                for second in leaving[edge.to] {
                    for third in leaving[graph.edges[Int(second)].to] {
                        if case .addedRule = graph.places[Int(graph.edges[Int(third)].to)] { consider([index, second, third]) }
                    }
                }
            default: break
            }
        }
        return best
    }
}
