import Kubernetes

/// What policies ask about Pods. Pods that answer all of it alike are one group: nothing tells them apart.
struct PolicyVocabulary {
    /// Keys of Pods' labels, and the values that somebody names; what value another label has makes no difference.
    private(set) var labels: [String: Set<String>] = [:]
    private(set) var portNames: Set<String> = []
    /// Blocks of addresses, each once.
    private(set) var blocks: [Block] = []
    private var numbers: [Block: Int] = [:]

    struct Block: Hashable {
        let addresses: AddressSet
        /// Whether Pods with an address of their own are looked at too; Pods on a host's network always are.
        let matchesPods: Bool
    }

    init(_ policies: [Policy], nodes: NodeAddresses) {
        for policy in policies {
            add(policy.subject)
            for rule in (policy.ingress ?? []) + (policy.egress ?? []) { add(rule, nodes) }
        }
    }

    /// The number of a peer's block, nil for a peer that is none.
    func block(of peer: Peer, nodes: NodeAddresses) -> Int? {
        PolicyVocabulary.block(of: peer, nodes).flatMap { numbers[$0] }
    }

    private mutating func add(_ rule: NetworkRule, _ nodes: NodeAddresses) {
        for name in rule.ports.names { portNames.insert(name.name) }
        for peer in rule.peers ?? [] {
            if case .pods(let selection) = peer { add(selection) }
            guard let block = PolicyVocabulary.block(of: peer, nodes), numbers[block] == nil else { continue }
            numbers[block] = blocks.count
            blocks.append(block)
        }
    }

    private mutating func add(_ selection: PodSelection) {
        for requirement in selection.pods.requirements { labels[requirement.key, default: []].formUnion(requirement.values) }
    }

    private static func block(of peer: Peer, _ nodes: NodeAddresses) -> Block? {
        switch peer {
        case .addresses(let addresses, let matchesPods): Block(addresses: addresses, matchesPods: matchesPods)
        case .nodes(let selector): Block(addresses: nodes.addresses(of: selector), matchesPods: false)
        case .pods, .domainNames: nil
        }
    }
}
