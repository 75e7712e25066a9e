/// Finds for each place the easiest way to the cluster, backwards from there, each edge once.
///
/// The easiest way is the one whose most demanding technique demands least; of those the one with the fewest steps, then the
/// one that was drawn first. A way goes on as the easiest way of the next place does, so that reports agree with each other.
struct EscalationSearch {
    /// The edge that each place leaves by, -1 where no way leads on.
    private(set) var next: [Int32]
    /// Steps to the cluster; edges that are no technique count nothing.
    private(set) var steps: [Int32]
    /// The rank of the most demanding technique on the way (`Technique.Severity.rank`).
    private(set) var ranks: [UInt8]

    private static let ranksOfTechniques = Technique.all.map { UInt8($0.severity.rank) }
    private static let unreached: UInt8 = .max

    /// - Parameter isUsed: leaves edges out.
    init(_ graph: EscalationGraph, arriving: EdgeIndex, where isUsed: (EscalationGraph.Edge) -> Bool = { _ in true }) {
        let count = graph.places.count
        next = [Int32](repeating: -1, count: count)
        steps = [Int32](repeating: .max, count: count)
        ranks = [UInt8](repeating: EscalationSearch.unreached, count: count)
        steps[0] = 0
        ranks[0] = 0
        // For each rank, places by their steps. A place may stand there several times; the first time counts.
        var waiting: [[[Int32]]] = Array(repeating: [], count: Technique.Severity.allCases.count)
        waiting[0] = [[0]]
        var isDone = [Bool](repeating: false, count: count)
        for rank in waiting.indices {
            var level = 0
            while level < waiting[rank].count {
                var position = 0
                // The level grows while it is walked: edges that are no step stay in it.
                while position < waiting[rank][level].count {
                    let place = waiting[rank][level][position]
                    position += 1
                    guard !isDone[Int(place)], ranks[Int(place)] == UInt8(rank), steps[Int(place)] == Int32(level) else { continue }
                    isDone[Int(place)] = true
                    for index in arriving[place] {
                        let edge = graph.edges[Int(index)]
                        guard !isDone[Int(edge.from)], isUsed(edge) else { continue }
                        let isStep = edge.technique >= 0
                        let newRank = isStep ? max(UInt8(rank), EscalationSearch.ranksOfTechniques[Int(edge.technique)]) : UInt8(rank)
                        let newSteps = Int32(level) + (isStep ? 1 : 0)
                        guard (newRank, newSteps) < (ranks[Int(edge.from)], steps[Int(edge.from)]) else { continue }
                        ranks[Int(edge.from)] = newRank
                        steps[Int(edge.from)] = newSteps
                        next[Int(edge.from)] = index
                        let (list, place) = (Int(newRank), Int(newSteps))
                        while waiting[list].count <= place { waiting[list].append([]) }
                        waiting[list][place].append(edge.from)
                    }
                }
                waiting[rank][level] = []
                level += 1
            }
        }
    }

    /// Whether any way leads from a place to the cluster.
    func reaches(_ place: Int32) -> Bool { ranks[Int(place)] != EscalationSearch.unreached }
}
