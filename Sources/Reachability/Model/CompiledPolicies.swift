import Kubernetes

/// Policies with their selections worked out: which groups they are about, and which groups and addresses each rule names.
struct CompiledPolicies {
    struct Rule {
        let action: PolicyAction
        /// Peers among the Pods.
        let groups: BitSet
        /// Peers outside.
        let addresses: AddressSet
        let ports: PortMatch
    }

    struct Compiled {
        let tier: PolicyTier
        let subjects: BitSet
        let ingress: [Rule]?
        let egress: [Rule]?

        func rules(_ direction: Direction) -> [Rule]? { direction == .ingress ? ingress : egress }
    }

    /// In the order of the list they were made from.
    private(set) var policies: [Compiled] = []
    let groups: PodGroups

    init(_ list: [Policy], _ groups: PodGroups, _ vocabulary: PolicyVocabulary, _ nodes: NodeAddresses) {
        self.groups = groups
        var selections: [PodSelection: BitSet] = [:]
        func select(_ selection: PodSelection) -> BitSet {
            if let known = selections[selection] { return known }
            let found = groups.groups(in: selection)
            selections[selection] = found
            return found
        }
        func compile(_ rule: NetworkRule) -> Rule {
            guard let peers = rule.peers else {
                return Rule(action: rule.action, groups: groups.all, addresses: .everything, ports: rule.ports)
            }
            var (matched, addresses) = (BitSet(), AddressSet.empty)
            for peer in peers {
                switch peer {
                case .pods(let selection): matched.formUnion(select(selection))
                case .addresses, .nodes:
                    guard let block = vocabulary.block(of: peer, nodes: nodes) else { continue }
                    matched.formUnion(groups.groups(inBlock: block))
                    addresses = addresses.union(vocabulary.blocks[block].addresses)
                case .domainNames: break
                }
            }
            return Rule(action: rule.action, groups: matched, addresses: addresses, ports: rule.ports)
        }
        for policy in list {
            policies.append(
                Compiled(
                    tier: policy.tier, subjects: select(policy.subject), ingress: policy.ingress?.map(compile),
                    egress: policy.egress?.map(compile)))
        }
    }

    /// What leaves a Pod that these policies select, towards Pods.
    func egress(_ selecting: [Int]) -> Relation<BitSet> {
        var tiers = Tiers<BitSet>()
        collect(selecting, .egress) { tier, rule in
            // Each destination resolves a named port for itself.
            tiers.add(tier, rule.action, rule.groups, rule.ports.numbers)
            for name in rule.ports.names {
                for (destinations, connections) in groups.destinations(of: name) {
                    tiers.add(tier, rule.action, rule.groups.intersection(destinations), connections)
                }
            }
        } isolate: {
            tiers.isIsolated = true
        }
        return tiers.decide(in: groups.all)
    }

    /// What reaches a Pod that these policies select, from Pods.
    func ingress(_ selecting: [Int], of ports: [PodProfile.ContainerPort]) -> Relation<BitSet> {
        var tiers = Tiers<BitSet>()
        collect(selecting, .ingress) { tier, rule in
            tiers.add(tier, rule.action, rule.groups, CompiledPolicies.resolve(rule.ports, ports))
        } isolate: {
            tiers.isIsolated = true
        }
        return tiers.decide(in: groups.all)
    }

    /// What passes between a Pod and addresses outside. A named port never matches an address.
    func external(_ selecting: [Int], _ direction: Direction, of ports: [PodProfile.ContainerPort]) -> Relation<AddressSet> {
        var tiers = Tiers<AddressSet>()
        collect(selecting, direction) { tier, rule in
            let connections = direction == .egress ? rule.ports.numbers : CompiledPolicies.resolve(rule.ports, ports)
            tiers.add(tier, rule.action, rule.addresses, connections)
        } isolate: {
            tiers.isIsolated = true
        }
        return tiers.decide(in: .everything)
    }

    static func resolve(_ match: PortMatch, _ ports: [PodProfile.ContainerPort]) -> ConnectionSet {
        var connections = match.numbers
        for name in match.names {
            for port in ports where port.name == name.name && (name.protocol == nil || name.protocol == port.protocol) {
                connections.formUnion(ConnectionSet(port.protocol, PortSet(port.number)))
            }
        }
        return connections
    }

    private func collect(_ selecting: [Int], _ direction: Direction, rule: (PolicyTier, Rule) -> Void, isolate: () -> Void) {
        for index in selecting {
            guard let rules = policies[index].rules(direction) else { continue }
            if policies[index].tier == .namespace { isolate() }
            for one in rules { rule(policies[index].tier, one) }
        }
    }
}

extension Tiers {
    mutating func add(_ tier: PolicyTier, _ action: PolicyAction, _ region: R, _ connections: ConnectionSet) {
        guard !region.isEmpty, !connections.isEmpty else { return }
        switch tier {
        case .admin: admin.append(Rule(action: action, region: region, connections: connections))
        case .namespace: allowed.append(Relation.Part(region: region, connections: connections))
        case .baseline: baseline.append(Rule(action: action, region: region, connections: connections))
        }
    }
}
