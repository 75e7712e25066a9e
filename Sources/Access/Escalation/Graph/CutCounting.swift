/// Counts how many subjects lose every way to the cluster when one thing is taken away.
struct CutCounting {
    private let graph: EscalationGraph
    private let dominators: Dominators

    init(_ graph: EscalationGraph, _ dominators: Dominators) {
        self.graph = graph
        self.dominators = dominators
    }

    /// Most first, then as they stand in the estate.
    func count(_ exposed: [Int]) -> [(cut: EscalationCut, subjects: Int)] {
        let numbers = exposed.map { dominators.number(of: graph.place(ofSubject: $0)) }.sorted()
        guard !numbers.isEmpty else { return [] }
        var counts: [(cut: EscalationCut, subjects: Int)] = []
        for (cut, places) in placesByCut() {
            // Subtrees lie inside each other or apart, so one that begins inside the one before is counted already.
            var (end, sum): (Int32, Int) = (-1, 0)
            for interval in places.map(dominators.interval).sorted(by: { ($0.lowerBound, -$0.upperBound) < ($1.lowerBound, -$1.upperBound) }) {
                guard interval.lowerBound >= end, !interval.isEmpty else { continue }
                sum += rank(interval.upperBound, in: numbers) - rank(interval.lowerBound, in: numbers)
                end = interval.upperBound
            }
            if sum > 0 { counts.append((cut, sum)) }
        }
        return counts.sorted { $0.subjects == $1.subjects ? order($0.cut) < order($1.cut) : $0.subjects > $1.subjects }
    }

    private func placesByCut() -> [EscalationCut: [Int32]] {
        var places: [EscalationCut: [Int32]] = [:]
        for (index, place) in graph.places.enumerated() {
            switch place {
            case .binding(let binding, isOwn: false): places[.binding(Int(binding)), default: []].append(Int32(index))
            case .addedRule(let role, let rule, _): places[.rule(role: Int(role), rule: Int(rule)), default: []].append(Int32(index))
            case .combination(let combination):
                for part in graph.combinations[Int(combination)].parts where part.isIrreplaceable && !part.isOwn {
                    places[.binding(part.reason.binding), default: []].append(Int32(index))
                }
            default: break
            }
        }
        return places
    }

    private func order(_ cut: EscalationCut) -> (Int, Int, Int) {
        switch cut {
        case .binding(let binding): (0, binding, 0)
        case .rule(let role, let rule): (1, role, rule)
        }
    }

    /// How many of the ascending numbers are smaller.
    private func rank(_ number: Int32, in numbers: [Int32]) -> Int {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
