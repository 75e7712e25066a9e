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

    static func resolve(_ match: PortMatch, _ ports: [PodProfile.ContainerPort]) -> ConnectionSet {
        var connections = match.numbers
        for name in match.names {
            for port in ports where port.name == name.name && (name.protocol == nil || name.protocol == port.protocol) {
                connections.formUnion(ConnectionSet(port.protocol, PortSet(port.number)))
            }
        }
        return connections
    }
}
