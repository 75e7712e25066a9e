/// Policies as the API documents them, judged one connection at a time, the slow and plain way. Nothing here is shared
/// with the engine: it is what the engine must agree with.
enum Reference {
    struct Pod {
        let namespace: String
        let name: String
        let labels: [String: String]
        let ports: [Port]
        let isHostNetwork: Bool

        struct Port {
            let name: String
            let transport: String
            let number: Int
        }
    }

    struct Address: Equatable {
        /// 4 or 16.
        let bytes: [UInt8]
    }

    struct Block {
        let address: Address
        let prefix: Int

        func contains(_ other: Address) -> Bool {
            guard address.bytes.count == other.bytes.count else { return false }
            return (0..<prefix).allSatisfy { bit in
                let mask = UInt8(0x80) >> UInt8(bit % 8)
                return address.bytes[bit / 8] & mask == other.bytes[bit / 8] & mask
            }
        }
    }

    enum End {
        case pod(Pod)
        case outside(Address)
    }

    struct Requirement {
        let key: String
        let `operator`: String
        let values: [String]

        func holds(_ labels: [String: String]) -> Bool {
            switch `operator` {
            case "In": labels[key].map(values.contains) == true
            case "NotIn": labels[key].map(values.contains) != true
            case "Exists": labels[key] != nil
            default: labels[key] == nil
            }
        }
    }

    typealias Selector = [Requirement]

    enum Peer {
        /// nil namespaces are those of the policy.
        case pods(namespaces: Selector?, pods: Selector)
        case block(Block, except: [Block])
        case networks([Block])
    }

    struct Port {
        /// nil is any protocol.
        let transport: String?
        /// nil with no name is any port.
        let numbers: ClosedRange<Int>?
        let name: String?
    }

    struct Rule {
        let action: String
        /// nil is everything.
        let peers: [Peer]?
        /// nil is every port.
        let ports: [Port]?
    }

    struct Policy {
        enum Kind { case network, admin, baseline, clusterAdmin, clusterBaseline }
        let kind: Kind
        let name: String
        /// Of a NetworkPolicy.
        let namespace: String
        let priority: Int
        /// Of the others.
        let namespaces: Selector
        let pods: Selector
        let ingress: [Rule]?
        let egress: [Rule]?
    }

    struct Estate {
        var namespaces: [String: [String: String]]
        var pods: [Pod]
        var policies: [Policy]

        func labels(of namespace: String) -> [String: String] {
            (namespaces[namespace] ?? [:]).merging(["kubernetes.io/metadata.name": namespace]) { $1 }
        }
    }
}

extension Reference.Estate {
    /// Whether a connection comes about: the source's side and the destination's side must both let it.
    func allows(_ source: Reference.End, _ destination: Reference.End, _ transport: String, _ port: Int) -> Bool {
        var allowed = true
        if case .pod(let pod) = source { allowed = allowed && decides(pod, "egress", destination, destination, transport, port) }
        if case .pod(let pod) = destination { allowed = allowed && decides(pod, "ingress", source, destination, transport, port) }
        return allowed
    }

    private func decides(
        _ subject: Reference.Pod, _ direction: String, _ peer: Reference.End, _ destination: Reference.End, _ transport: String, _ port: Int
    ) -> Bool {
        // Policies do not apply to Pods on a node's network.
        if subject.isHostNetwork { return true }
        let selecting = policies.filter { selects($0, subject) && rules($0, direction) != nil }
        func first(_ kinds: [Reference.Policy.Kind]) -> String? {
            for policy in selecting.filter({ kinds.contains($0.kind) }).sorted(by: { $0.priority < $1.priority }) {
                for rule in rules(policy, direction) ?? [] where matches(rule, policy, peer, destination, transport, port) { return rule.action }
            }
            return nil
        }
        switch first([.admin, .clusterAdmin]) {
        case "Allow": return true
        case "Deny": return false
        default: break
        }
        let isolating = selecting.filter { $0.kind == .network }
        if !isolating.isEmpty {
            return isolating.contains { policy in
                (rules(policy, direction) ?? []).contains { matches($0, policy, peer, destination, transport, port) }
            }
        }
        return first([.baseline, .clusterBaseline]) != "Deny"
    }

    private func rules(_ policy: Reference.Policy, _ direction: String) -> [Reference.Rule]? {
        direction == "ingress" ? policy.ingress : policy.egress
    }

    private func selects(_ policy: Reference.Policy, _ pod: Reference.Pod) -> Bool {
        let isThere = policy.kind == .network ? policy.namespace == pod.namespace : holds(policy.namespaces, labels(of: pod.namespace))
        return isThere && holds(policy.pods, pod.labels)
    }

    private func holds(_ selector: Reference.Selector, _ labels: [String: String]) -> Bool { selector.allSatisfy { $0.holds(labels) } }

    private func matches(
        _ rule: Reference.Rule, _ policy: Reference.Policy, _ peer: Reference.End, _ destination: Reference.End, _ transport: String, _ port: Int
    ) -> Bool {
        let isPeer = rule.peers.map { $0.contains { matches($0, policy, peer) } } ?? true
        return isPeer && (rule.ports.map { $0.contains { matches($0, destination, transport, port) } } ?? true)
    }

    private func matches(_ peer: Reference.Peer, _ policy: Reference.Policy, _ end: Reference.End) -> Bool {
        switch (peer, end) {
        case (.pods(let namespaces, let pods), .pod(let pod)):
            let isThere = namespaces.map { holds($0, labels(of: pod.namespace)) } ?? (policy.namespace == pod.namespace)
            return !pod.isHostNetwork && isThere && holds(pods, pod.labels)
        case (.block(let block, let except), .outside(let address)):
            return block.contains(address) && !except.contains { $0.contains(address) }
        case (.networks(let blocks), .outside(let address)): return blocks.contains { $0.contains(address) }
        // No Pod here has a known address: a block of everything holds it all the same. What ipBlocks say of Pods with
        // an address of their own differs between network plugins.
        case (.block(let block, let except), .pod(let pod)): return pod.isHostNetwork && block.prefix == 0 && except.isEmpty
        case (.networks(let blocks), .pod): return blocks.contains { $0.prefix == 0 }
        case (.pods, .outside): return false
        }
    }

    private func matches(_ wanted: Reference.Port, _ destination: Reference.End, _ transport: String, _ port: Int) -> Bool {
        if let expected = wanted.transport, expected != transport { return false }
        guard let name = wanted.name else { return wanted.numbers.map { $0.contains(port) } ?? true }
        guard case .pod(let pod) = destination, !pod.isHostNetwork else { return false }
        return pod.ports.contains { $0.name == name && $0.transport == transport && $0.number == port }
    }
}
