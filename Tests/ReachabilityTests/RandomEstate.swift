/// Estates and policies by chance, in a small world, so that selectors often meet.
struct RandomEstate {
    private var dice: Dice
    private(set) var estate = Reference.Estate(namespaces: [:], pods: [], policies: [])

    private static let namespaces = ["red", "green", "blue", "grey"]
    private static let names = ["http", "dns", "metrics"]
    private static let numbers = [53, 80, 443, 8080]
    static let transports = ["TCP", "UDP", "SCTP"]

    init(seed: Int, clusterPolicies: Bool = true) {
        dice = Dice(seed: seed)
        // "grey" has Pods but no Namespace object.
        for name in Self.namespaces.dropLast() {
            estate.namespaces[name] = dice.isLucky(oneIn: 3) ? [:] : ["team": dice.pick(["a", "b"])]
        }
        for index in 0..<(4 + dice.roll(6)) { estate.pods.append(pod(index)) }
        for index in 0..<(1 + dice.roll(9)) { estate.policies.append(networkPolicy(index)) }
        guard clusterPolicies else { return }
        // Priorities differ, or nothing would follow.
        for index in 0..<dice.roll(4) { estate.policies.append(clusterPolicy(dice.isLucky(oneIn: 2) ? .admin : .clusterAdmin, index)) }
        if dice.isLucky(oneIn: 2) { estate.policies.append(clusterPolicy(.baseline, 0)) }
        if dice.isLucky(oneIn: 2) { estate.policies.append(clusterPolicy(.clusterBaseline, 5)) }
    }

    private mutating func pod(_ index: Int) -> Reference.Pod {
        var labels: [String: String] = [:]
        if !dice.isLucky(oneIn: 4) { labels["app"] = dice.pick(["web", "api", "db"]) }
        if dice.isLucky(oneIn: 2) { labels["tier"] = dice.pick(["front", "back"]) }
        let ports = Self.names.filter { _ in dice.isLucky(oneIn: 2) }.map {
            Reference.Pod.Port(name: $0, transport: dice.pick(Self.transports), number: dice.pick(Self.numbers))
        }
        return Reference.Pod(
            namespace: dice.pick(Self.namespaces), name: "pod-\(index)", labels: labels, ports: ports, isHostNetwork: dice.isLucky(oneIn: 8))
    }

    private mutating func selector(_ keys: [String: [String]]) -> Reference.Selector {
        (0..<[0, 1, 1, 1, 2][dice.roll(5)]).map { _ in
            let key = dice.pick(keys.keys.sorted())
            let values = keys[key] ?? []
            let kind = dice.pick(["In", "In", "In", "NotIn", "Exists", "DoesNotExist"])
            return Reference.Requirement(key: key, operator: kind, values: kind.hasSuffix("In") ? dice.pick(1 + dice.roll(2), of: values) : [])
        }
    }

    private mutating func podSelector() -> Reference.Selector { selector(["app": ["web", "api", "db", "none"], "tier": ["front", "back"]]) }

    private mutating func namespaceSelector() -> Reference.Selector {
        selector(["team": ["a", "b"], "kubernetes.io/metadata.name": Self.namespaces])
    }

    private mutating func block(isWide: Bool = false) -> Reference.Block {
        let bytes: [UInt8] = dice.isLucky(oneIn: 4) ? [0xfd, 0] + (0..<14).map { $0 < 2 ? UInt8($0 * 3) : 0 } : [10, UInt8(dice.roll(4)), 0, 0]
        let prefix = isWide || dice.isLucky(oneIn: 5) ? 0 : dice.pick(bytes.count == 4 ? [8, 14, 15, 16] : [16, 24, 31, 32])
        return Reference.Block(address: Reference.Address(bytes: bytes), prefix: prefix)
    }

    /// Addresses in and around the blocks.
    mutating func address() -> Reference.Address {
        if dice.isLucky(oneIn: 4) {
            return Reference.Address(
                bytes: dice.pick([[0xfd, 0], [0xfd, 1], [0xfe, 0x80]]) + [0, UInt8(dice.roll(8))] + Array(repeating: 0, count: 12))
        }
        return Reference.Address(bytes: [dice.pick([10, 10, 10, 11, 203]), UInt8(dice.roll(5)), 0, UInt8(dice.roll(3))])
    }

    private mutating func ports(named: Bool = true, anyProtocol: Bool) -> [Reference.Port]? {
        if dice.isLucky(oneIn: 3) { return nil }
        return (0..<(1 + dice.roll(2))).map { _ in
            let transport = dice.pick(Self.transports)
            if named, dice.isLucky(oneIn: 3) {
                return Reference.Port(transport: anyProtocol ? nil : transport, numbers: nil, name: dice.pick(Self.names))
            }
            if !anyProtocol, dice.isLucky(oneIn: 5) { return Reference.Port(transport: transport, numbers: nil, name: nil) }
            let first = dice.pick(Self.numbers)
            return Reference.Port(transport: transport, numbers: first...(dice.isLucky(oneIn: 3) ? first + 1 + dice.roll(400) : first), name: nil)
        }
    }

    // MARK: - Policies

    private mutating func networkPolicy(_ index: Int) -> Reference.Policy {
        let direction = dice.roll(3)
        return Reference.Policy(
            kind: .network, name: "policy-\(index)", namespace: dice.pick(Self.namespaces), priority: 0, namespaces: [], pods: podSelector(),
            ingress: direction != 1 ? networkRules() : nil, egress: direction != 0 ? networkRules() : nil)
    }

    private mutating func networkRules() -> [Reference.Rule] { (0..<dice.roll(4)).map { _ in networkRule() } }

    mutating func networkRule() -> Reference.Rule {
        var peers: [Reference.Peer] = []
        for _ in 0..<(1 + dice.roll(2)) {
            switch dice.roll(4) {
            case 0:
                let outer = block()
                let inner = Reference.Block(address: outer.address, prefix: min(outer.prefix + 1 + dice.roll(4), 8 * outer.address.bytes.count))
                peers.append(.block(outer, except: dice.isLucky(oneIn: 2) ? [inner] : []))
            case 1: peers.append(.pods(namespaces: nil, pods: podSelector()))
            case 2: peers.append(.pods(namespaces: namespaceSelector(), pods: []))
            default: peers.append(.pods(namespaces: namespaceSelector(), pods: podSelector()))
            }
        }
        return Reference.Rule(action: "Allow", peers: dice.isLucky(oneIn: 5) ? nil : peers, ports: ports(anyProtocol: false))
    }

    private mutating func clusterPolicy(_ kind: Reference.Policy.Kind, _ index: Int) -> Reference.Policy {
        Reference.Policy(
            kind: kind, name: kind == .baseline ? "default" : "cluster-\(index)", namespace: "", priority: kind == .baseline ? 0 : index * 7 + 1,
            namespaces: namespaceSelector(), pods: podSelector(), ingress: clusterRules(kind, isEgress: false),
            egress: clusterRules(kind, isEgress: true))
    }

    private mutating func clusterRules(_ kind: Reference.Policy.Kind, isEgress: Bool) -> [Reference.Rule]? {
        let rules = (0..<dice.roll(4)).map { _ in
            var peers = (0..<(1 + dice.roll(2))).map { _ in Reference.Peer.pods(namespaces: namespaceSelector(), pods: podSelector()) }
            let hasNetworks = isEgress && dice.isLucky(oneIn: 3)
            if hasNetworks { peers[0] = .networks((0..<(1 + dice.roll(2))).map { _ in block() }) }
            return Reference.Rule(
                action: dice.pick(kind == .baseline ? ["Allow", "Deny"] : ["Allow", "Deny", "Pass"]), peers: peers,
                // Rules with networks may not name ports.
                ports: ports(named: !hasNetworks, anyProtocol: true))
        }
        return rules.isEmpty ? nil : rules
    }

    // MARK: - Questions

    mutating func question() -> (Reference.End, Reference.End, String, Int) {
        let source: Reference.End = dice.isLucky(oneIn: 4) ? .outside(address()) : .pod(dice.pick(estate.pods))
        var destination: Reference.End = .pod(dice.pick(estate.pods))
        if case .pod = source, dice.isLucky(oneIn: 3) { destination = .outside(address()) }
        let port = dice.pick([52, 53, 54, 80, 81, 443, 8080, 8081, 9000])
        return (source, destination, dice.pick(Self.transports), port)
    }

    mutating func pickPolicy() -> Int? { estate.policies.isEmpty ? nil : dice.roll(estate.policies.count) }
}
