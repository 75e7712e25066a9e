/// What policies say about one direction, for all groups about which they say the same.
struct ConnectionTypes {
    struct Kind {
        /// Indexes of the policies that select these groups in this direction.
        let policies: [Int]
        let groups: BitSet
        let pods: Relation<BitSet>
        let external: Relation<AddressSet>
    }

    private(set) var kinds: [Kind] = []
    /// The kind of each group.
    private(set) var kindOfGroup: [Int]

    init(_ compiled: CompiledPolicies, _ direction: Direction) {
        let groups = compiled.groups.groups
        var selecting = Array(repeating: [Int](), count: groups.count)
        for (index, policy) in compiled.policies.enumerated() where policy.rules(direction) != nil {
            policy.subjects.forEach { selecting[$0].append(index) }
        }
        var members: [Key: BitSet] = [:]
        var order: [Key] = []
        for group in groups.indices {
            // Without a policy no port is ever looked up by name.
            let resolves = direction == .ingress && !selecting[group].isEmpty
            let key = Key(policies: selecting[group], ports: resolves ? groups[group].ports : [])
            if members[key] == nil { order.append(key) }
            members[key, default: BitSet()].insert(group)
        }
        kindOfGroup = Array(repeating: 0, count: groups.count)
        var evaluation = Evaluation(compiled, direction)
        for key in order {
            let groups = members[key] ?? BitSet()
            groups.forEach { kindOfGroup[$0] = kinds.count }
            kinds.append(
                Kind(
                    policies: key.policies, groups: groups, pods: evaluation.pods(key.policies, key.ports),
                    external: evaluation.external(key.policies, key.ports)))
        }
    }

    func kind(of group: Int) -> Kind { kinds[kindOfGroup[group]] }

    private struct Key: Hashable {
        let policies: [Int]
        let ports: [PodProfile.ContainerPort]
    }
}
