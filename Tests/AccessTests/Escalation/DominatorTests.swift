import Kubernetes
import Testing

@testable import Access

/// The tree of dominators says of every two places whether one is on all ways of the other, and the search finds the easiest.
struct DominatorTests {
    /// A graph without an estate: places are numbers, 0 is the cluster.
    private static func graph(_ edges: [(Int32, Int32)], places: Int, technique: (Int) -> Int16 = { _ in 0 }) -> EscalationGraph {
        let empty = estate("")
        var graph = EscalationGraph(policy: AccessPolicy(of: empty), facts: EstateFacts(empty))
        graph.places = (0..<places).map { $0 == 0 ? .cluster : .accounts(Int32($0)) }
        graph.edges = edges.enumerated().map { .init(from: $1.0, to: $1.1, evidence: -1, technique: technique($0), isForeign: true) }
        return graph
    }

    private static func random(_ seed: UInt64) -> (edges: [(Int32, Int32)], places: Int) {
        var generator = SplitMix(state: seed)
        let places = Int(generator.next() % 14) + 2
        let count = Int(generator.next() % UInt64(places * 3))
        let edges = (0..<count).map { _ in (Int32(generator.next() % UInt64(places)), Int32(generator.next() % UInt64(places))) }
        return (edges, places)
    }

    /// Whether a way leads from a place to 0 without passing `avoided`.
    private static func reaches(_ place: Int32, _ edges: [(Int32, Int32)], avoiding avoided: Int32?) -> Bool {
        var (seen, open): (Set<Int32>, [Int32]) = ([], [place])
        while let here = open.popLast() {
            if here == avoided || !seen.insert(here).inserted { continue }
            if here == 0 { return true }
            open += edges.filter { $0.0 == here }.map(\.1)
        }
        return false
    }

    @Test(arguments: 0..<400)
    func dominatorsAreOnEveryWay(seed: UInt64) {
        let (edges, places) = Self.random(seed)
        let graph = Self.graph(edges, places: places)
        let (arriving, leaving) = (EdgeIndex(graph.edges, places: places) { $0.to }, EdgeIndex(graph.edges, places: places) { $0.from })
        let dominators = Dominators(graph, arriving: arriving, leaving: leaving)
        let search = EscalationSearch(graph, arriving: arriving)
        for place in 0..<Int32(places) {
            let reaches = Self.reaches(place, edges, avoiding: nil)
            #expect(search.reaches(place) == reaches)
            guard reaches else { continue }
            for other in 0..<Int32(places) where Self.reaches(other, edges, avoiding: nil) {
                let isOnEveryWay = other == place || !Self.reaches(place, edges, avoiding: other)
                #expect(dominators.dominates(other, place) == isOnEveryWay, "\(other) of \(place) in \(edges)")
            }
        }
    }

    /// The most demanding technique first, then the number of steps, as trying all ways says.
    @Test(arguments: 0..<200)
    func theEasiestWayIsFound(seed: UInt64) {
        let (edges, places) = Self.random(seed)
        let techniques: [Int16] = [-1, Int16(Technique.fullAccess.index), Int16(Technique.hostVolume.index), Int16(Technique.watchByWebhook.index)]
        let graph = Self.graph(edges, places: places) { techniques[$0 % 4] }
        let search = EscalationSearch(graph, arriving: EdgeIndex(graph.edges, places: places) { $0.to })
        for place in 1..<Int32(places) where search.reaches(place) {
            // Following the edges found ends at the cluster, in as many steps as were counted, within the rank.
            var (here, steps, rank, visited) = (place, 0, 0, 0)
            while here != 0, visited <= places {
                let edge = graph.edges[Int(search.next[Int(here)])]
                if edge.technique >= 0 {
                    steps += 1
                    rank = max(rank, Technique.all[Int(edge.technique)].severity.rank)
                }
                (here, visited) = (edge.to, visited + 1)
            }
            #expect(here == 0 && steps == Int(search.steps[Int(place)]) && rank == Int(search.ranks[Int(place)]))
            #expect(rank == Self.leastRank(place, graph))
        }
    }

    /// The rank of the easiest technique set that reaches the cluster.
    private static func leastRank(_ place: Int32, _ graph: EscalationGraph) -> Int? {
        (0...2).first { rank in
            let usable = graph.edges.filter { $0.technique < 0 || Technique.all[Int($0.technique)].severity.rank <= rank }
            return reaches(place, usable.map { ($0.from, $0.to) }, avoiding: nil)
        }
    }
}
