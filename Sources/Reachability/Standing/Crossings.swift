/// That a workload may be reached from where it must not.
public struct Crossing: Sendable {
    /// The first workload that may connect, by name, and how many others.
    public let source: Int
    public let others: Int
    public let destination: Int
    /// What the first one may open.
    public let connections: ConnectionSet
    /// Whose workloads may connect, ascending.
    public let owners: [Int]
}

extension NetworkModel {
    /// Every workload that one of another owner may connect to. No crossing is proof that policies keep owners apart, as far as
    /// the model has no gaps.
    ///
    /// - Parameters:
    ///   - owner: of a namespace, nil where nobody is kept apart. Numbers count from 0.
    ///   - mayReach: whether workloads of the first owner are meant to reach those of the second.
    public func crossings(owner: (String) -> Int?, mayReach: (Int, Int) -> Bool) -> [Crossing] {
        let owners = groups.namespaces.names.map(owner)
        var groupsOfOwner: [Int: BitSet] = [:]
        for (group, described) in groups.groups.enumerated() {
            if let owner = owners[described.namespace] { groupsOfOwner[owner, default: BitSet()].insert(group) }
        }
        let sources = foreignSources(groupsOfOwner, mayReach)
        var summaries: [BitSet: Summary] = [:]
        var crossings: [Crossing] = []
        let workloadsOfGroup = workloadsByGroup
        for (destination, workload) in workloads.enumerated() {
            let all = workload.groups.reduce(into: BitSet()) { union, group in
                if let found = sources[group] { union.formUnion(found) }
            }
            guard !all.isEmpty else { continue }
            let summary = summaries[all] ?? Summary(all, workloadsOfGroup) { owners[groups.groups[$0].namespace] }
            summaries[all] = summary
            guard let source = summary.workloads.first else { continue }
            crossings.append(
                Crossing(
                    source: source, others: summary.workloads.count - 1, destination: destination,
                    connections: connections(from: source, to: destination), owners: summary.owners))
        }
        return crossings
    }

    private var workloadsByGroup: [[Int]] {
        var found = Array(repeating: [Int](), count: groups.groups.count)
        for (index, workload) in workloads.enumerated() { for group in workload.groups { found[group].append(index) } }
        return found
    }

    /// Groups of other owners that may connect, by the group they may connect to.
    private func foreignSources(_ groupsOfOwner: [Int: BitSet], _ mayReach: (Int, Int) -> Bool) -> [Int: BitSet] {
        var sources: [Int: BitSet] = [:]
        for (owner, own) in groupsOfOwner.sorted(by: { $0.key < $1.key }) {
            let foreign = groupsOfOwner.reduce(into: BitSet()) { union, other in
                if other.key != owner, !mayReach(other.key, owner) { union.formUnion(other.value) }
            }
            guard !foreign.isEmpty else { continue }
            for kind in ingress.kinds where !kind.groups.isDisjoint(with: own) {
                let destinations = kind.groups.intersection(own)
                for arriving in kind.pods.parts where !arriving.region.isDisjoint(with: foreign) {
                    let candidates = arriving.region.intersection(foreign)
                    for leaving in egress.kinds where !leaving.groups.isDisjoint(with: candidates) {
                        let from = leaving.groups.intersection(candidates)
                        for part in leaving.pods.parts where !part.region.isDisjoint(with: destinations) {
                            guard !part.connections.intersection(arriving.connections).isEmpty else { continue }
                            part.region.intersection(destinations).forEach { sources[$0, default: BitSet()].formUnion(from) }
                        }
                    }
                }
            }
        }
        return sources
    }

    /// Many workloads are reached from the same groups.
    private struct Summary {
        let workloads: [Int]
        let owners: [Int]

        init(_ groups: BitSet, _ workloadsOfGroup: [[Int]], owner: (Int) -> Int?) {
            let members = groups.members
            workloads = Set(members.flatMap { workloadsOfGroup[$0] }).sorted()
            owners = Set(members.compactMap(owner)).sorted()
        }
    }
}
