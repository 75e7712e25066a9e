public import Documents
import Kubernetes

/// Rules that decide nothing.
extension PolicyReview {
    // MARK: - Peers that match nothing

    /// Peers that select no Pod, though the estate holds Pods where they look for them. Where it holds none, such as those of
    /// another team's namespace, nothing is known.
    public func unmatchedPeers(of policy: Int) -> [Value] {
        var found: [Value] = []
        forEachPeer(of: policy) { peer, place, isUnmatched in
            guard case .pods(let selection) = peer, !selection.pods.matchesEverything else { return }
            // Most rules name one peer, whose Pods were looked for when the policy was compiled.
            guard isUnmatched ?? model.groups.groups(in: selection).isEmpty else { return }
            let anywhere = PodSelection(namespaces: selection.namespaces, pods: LabelSelector([]))
            if !model.groups.groups(in: anywhere).isEmpty { found.append(place) }
        }
        return found
    }

    /// Blocks of addresses that Pods have. A Pod is known by its labels when its packets are judged, and network plugins differ in whether
    /// its address counts too. (kubernetes.io, "Network Policies", `ipBlock`)
    public func blocksOfPods(of policy: Int) -> [Value] {
        guard !podAddresses.isEmpty, model.policies[policy].tier == .namespace else { return [] }
        var found: [Value] = []
        forEachPeer(of: policy) { peer, place, _ in
            guard case .addresses(let addresses, _) = peer, !addresses.isEmpty, podAddresses.isSuperset(of: addresses) else { return }
            found.append(place["ipBlock"]["cidr"])
        }
        return found
    }

    /// Calls with each peer, where it stands, and whether it is known to match no Pod.
    private func forEachPeer(of policy: Int, _ body: (Peer, Value, _ isUnmatched: Bool?) -> Void) {
        for direction in Direction.allCases {
            let compiled = model.compiled.policies[policy].rules(direction)
            for (index, rule) in (model.policies[policy].rules(direction) ?? []).enumerated() {
                // The rule was read, so its peers are a sequence.
                guard let peers = rule.peers, let places = try? rule.place[direction == .egress ? "to" : "from"].items() else { continue }
                let isUnmatched = peers.count == 1 ? compiled?[index].groups.isEmpty : nil
                for (peer, place) in zip(peers, places) { body(peer, place, isUnmatched) }
            }
        }
    }

    // MARK: - Rules that another one covers

    /// A rule, and the one beside it that allows all it allows.
    public struct Covered: Sendable {
        public let rule: Value
        public let by: Value
    }

    /// Rules of a NetworkPolicy that another rule of it makes superfluous; of two alike the later one.
    public func coveredRules(of policy: Int) -> [Covered] {
        guard model.policies[policy].tier == .namespace else { return [] }
        var found: [Covered] = []
        for direction in Direction.allCases {
            // Comparing each with each: a policy of more rules than people write is not compared.
            guard let rules = model.policies[policy].rules(direction), (2...256).contains(rules.count) else { continue }
            let shapes = rules.map(RuleShape.init)
            for (index, shape) in shapes.enumerated() {
                let by = shapes.indices.first { other in
                    other != index && shapes[other].covers(shape) && (other < index || !shape.covers(shapes[other]))
                }
                if let by { found.append(Covered(rule: rules[index].place, by: rules[by].place)) }
            }
        }
        return found
    }

    // MARK: - Rules of administrators that are never asked

    /// A rule that never decides, and the earlier one that always does.
    public struct Preempted: Sendable {
        public let rule: Value
        public let action: PolicyAction
        /// Index into the inventory of the policy with the earlier rule.
        public let byPolicy: Int
        public let byRule: Value
        public let byAction: PolicyAction
    }

    /// Rules of an ordered policy for which an earlier rule says something else about every connection of the estate that they are about.
    public func preemptedRules(of policy: Int) -> [Preempted] {
        let own = model.policies[policy]
        guard own.tier != .namespace, selectsPods(policy) else { return [] }
        var found: [Preempted] = []
        for direction in Direction.allCases {
            guard let rules = own.rules(direction), let compiled = model.compiled.policies[policy].rules(direction) else { continue }
            let earlier = earlierRules(than: policy, direction)
            for index in rules.indices where rules[index].isFullyKnown && !(compiled[index].groups.isEmpty && compiled[index].addresses.isEmpty) {
                let mine = compiled[index]
                let candidates = earlier + rules.indices.prefix(index).map { (policy, $0) }
                guard
                    let (by, number) = candidates.first(where: { candidate, number in
                        model.compiled.policies[candidate].rules(direction).map { $0[number].covers(mine) } ?? false
                    }), let byRule = model.policies[by].rules(direction)?[number], byRule.action != rules[index].action
                else { continue }
                found.append(
                    Preempted(
                        rule: rules[index].place, action: rules[index].action, byPolicy: model.policies[by].object, byRule: byRule.place,
                        byAction: byRule.action))
            }
        }
        return found
    }

    /// Rules of policies that are asked earlier about all Pods of a policy. Which of two with one priority is asked first is
    /// undefined, so they are left out; beyond a thousand nobody orders rules by hand.
    private func earlierRules(than policy: Int, _ direction: Direction) -> [(policy: Int, rule: Int)] {
        let own = model.policies[policy]
        var found: [(policy: Int, rule: Int)] = []
        for other in 0..<policy where model.policies[other].tier == own.tier && model.policies[other].priority < own.priority {
            guard let rules = model.policies[other].rules(direction), found.count < 1000,
                model.compiled.policies[other].subjects.isSuperset(of: model.compiled.policies[policy].subjects)
            else { continue }
            found += rules.indices.map { (other, $0) }
        }
        return found
    }

    // MARK: - Rules of administrators over those of namespaces

    /// A rule that lets through what NetworkPolicies keep out, or in.
    public struct Override: Sendable {
        public let rule: Value
        /// The first workload whose policies the rule passes over, and how many more there are.
        public let workload: Int
        public let others: Int
        public let direction: Direction
        public let connections: ConnectionSet
    }

    /// Rules of an administrator's policy that allow connections which the NetworkPolicies of the Pods' own namespaces do not.
    public func overridingRules(of policy: Int) -> [Override] {
        guard model.policies[policy].tier == .admin else { return [] }
        var found: [Override] = []
        for direction in Direction.allCases {
            let rules = model.policies[policy].rules(direction) ?? []
            for (index, rule) in rules.enumerated() where rule.action == .allow {
                guard let compiled = model.compiled.policies[policy].rules(direction)?[index] else { continue }
                var opened = ConnectionSet.none
                var pods = BitSet()
                for kind in kinds(of: model.compiled.policies[policy].subjects, direction) {
                    let connections = connections(openedBy: compiled, kind, direction)
                    if connections.isEmpty { continue }
                    opened.formUnion(connections)
                    let types = direction == .ingress ? model.ingress : model.egress
                    pods.formUnion(types.kinds[kind].groups.intersection(model.compiled.policies[policy].subjects))
                }
                let workloads = workloads(of: pods)
                guard let first = workloads.first else { continue }
                found.append(Override(rule: rule.place, workload: first, others: workloads.count - 1, direction: direction, connections: opened))
            }
        }
        return found
    }

    /// What the Pods of a kind may open, or others to them, by this rule and by no NetworkPolicy.
    private func connections(openedBy rule: CompiledPolicies.Rule, _ kind: Int, _ direction: Direction) -> ConnectionSet {
        let own = direction == .ingress ? ingressOfNamespaces[kind] : egressOfNamespaces[kind]
        guard let own else { return .none }
        let types = direction == .ingress ? model.ingress : model.egress
        let ports: ConnectionSet
        if direction == .ingress, let group = types.kinds[kind].groups.members.first {
            ports = CompiledPolicies.resolve(rule.ports, model.groups.groups[group].ports)
        } else {
            ports = rule.ports.numbers
        }
        var opened = ConnectionSet.none
        for part in types.kinds[kind].pods.parts {
            let connections = part.connections.intersection(ports)
            var rest = part.region.intersection(rule.groups)
            guard !connections.isEmpty, !rest.isEmpty else { continue }
            for allowed in own.parts where allowed.connections.isSuperset(of: connections) { rest = rest.subtracting(allowed.region) }
            if !rest.isEmpty { opened.formUnion(connections) }
        }
        return opened
    }
}

/// A rule by what it says rather than by the Pods it finds, so that it can be compared with one that finds none.
private struct RuleShape {
    /// nil stands for everything.
    let selections: Set<PodSelection>?
    let addresses: AddressSet
    let ports: PortMatch
    let names: Set<PortMatch.Name>

    init(_ rule: NetworkRule) {
        var selections: Set<PodSelection> = []
        var addresses = AddressSet.empty
        for peer in rule.peers ?? [] {
            switch peer {
            case .pods(let selection): selections.insert(selection)
            case .addresses(let block, _): addresses = addresses.union(block)
            case .nodes, .domainNames: break
            }
        }
        self.selections = rule.peers == nil ? nil : selections
        self.addresses = addresses
        ports = rule.ports
        names = Set(rule.ports.names)
    }

    func covers(_ other: RuleShape) -> Bool {
        guard ports.numbers.isSuperset(of: other.ports.numbers), ports.numbers.isAll || names.isSuperset(of: other.names) else { return false }
        guard let selections else { return true }
        guard let others = other.selections else { return false }
        return selections.isSuperset(of: others) && addresses.isSuperset(of: other.addresses)
    }
}

extension CompiledPolicies.Rule {
    /// Whether this is about every connection that the other rule is about.
    fileprivate func covers(_ other: Self) -> Bool {
        guard ports.numbers.isSuperset(of: other.ports.numbers),
            ports.numbers.isAll || Set(ports.names).isSuperset(of: other.ports.names)
        else { return false }
        return groups.isSuperset(of: other.groups) && addresses.isSuperset(of: other.addresses)
    }
}

extension NetworkRule {
    /// Whether the estate tells which addresses all peers stand for.
    fileprivate var isFullyKnown: Bool {
        !(peers ?? []).contains { peer in
            switch peer {
            case .domainNames, .nodes: true
            case .pods, .addresses: false
            }
        }
    }
}

extension BitSet {
    fileprivate func isSuperset(of other: BitSet) -> Bool { other.subtracting(self).isEmpty }
}

extension NetworkModel {
    /// What the NetworkPolicies of a kind allow by themselves, nil where there are none, or no others beside them.
    func namespaceTier(of kind: ConnectionTypes.Kind, _ direction: Direction) -> Relation<BitSet>? {
        let own = kind.policies.filter { policies[$0].tier == .namespace }
        guard !own.isEmpty, own.count < kind.policies.count else { return nil }
        var evaluation = Evaluation(compiled, direction)
        return kind.groups.members.first.map { evaluation.pods(own, direction == .ingress ? groups.groups[$0].ports : []) }
    }
}
