import Kubernetes
import Testing

@testable import Reachability

/// Whether owners of namespaces are kept apart.
struct CrossingTests {
    /// Against asking each pair for itself.
    @Test(arguments: 0..<80)
    func crossingsAreWhatPairsSay(seed: Int) {
        let manifest = RandomEstate(seed: seed + 31_000).estate.manifest
        let model = model(manifest)
        let owners = ["red": 0, "green": 1, "blue": 2]
        func mayReach(_ one: Int, _ other: Int) -> Bool { one == other || one == 2 && other == 0 }
        let found = Dictionary(uniqueKeysWithValues: model.crossings(owner: { owners[$0] }, mayReach: mayReach).map { ($0.destination, $0) })
        for (destination, workload) in model.workloads.enumerated() {
            let sources = model.workloads.indices.filter { source in
                guard let from = owners[model.workloads[source].namespace], let into = owners[workload.namespace], !mayReach(from, into) else {
                    return false
                }
                return !model.connections(from: source, to: destination).isEmpty
            }
            let crossing = found[destination]
            #expect(crossing?.source == sources.first, "seed \(seed): \(workload)\n\(manifest)")
            guard let crossing, let first = sources.first else { continue }
            #expect(crossing.others == sources.count - 1)
            #expect(crossing.connections == model.connections(from: first, to: destination))
            #expect(crossing.owners == Set(sources.compactMap { owners[model.workloads[$0].namespace] }).sorted())
        }
    }

    @Test func withoutOwnersNothingIsCrossed() {
        let model = model(RandomEstate(seed: 1).estate.manifest)
        #expect(model.crossings(owner: { _ in nil }, mayReach: { _, _ in false }).isEmpty)
        #expect(model.crossings(owner: { _ in 0 }, mayReach: { _, _ in false }).isEmpty, "nobody crosses to oneself")
    }
}
