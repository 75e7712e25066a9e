public import Documents
public import Kubernetes

/// What is remarkable about single rules of policies: what they open that nobody needs, and those that decide nothing.
public final class PolicyReview: EstateAnalysis {
    public let standing: NetworkStanding
    /// Of all nodes of the estate.
    public let nodeAddresses: AddressSet
    /// Where Pods have their addresses: the blocks of nodes, and those that Pods have.
    let podAddresses: AddressSet
    /// The place of each policy in the order they are asked in, by its object.
    private let numbers: [Int: Int]
    let workloadsOfGroup: [[Int]]
    /// What NetworkPolicies alone allow, by kind, where administrators' policies say something too.
    let ingressOfNamespaces: [Relation<BitSet>?]
    let egressOfNamespaces: [Relation<BitSet>?]

    var model: NetworkModel { standing.model }

    public init(of inventory: Inventory) {
        let standing = inventory.analysis(NetworkStanding.self)
        self.standing = standing
        let model = standing.model
        nodeAddresses = NodeAddresses(inventory).all
        podAddresses = PolicyReview.podAddresses(inventory)
        numbers = Dictionary(model.policies.enumerated().map { ($1.object, $0) }, uniquingKeysWith: { $1 })
        var workloads = Array(repeating: [Int](), count: model.groups.groups.count)
        for (index, workload) in model.workloads.enumerated() { for group in workload.groups { workloads[group].append(index) } }
        workloadsOfGroup = workloads
        ingressOfNamespaces = model.ingress.kinds.map { model.namespaceTier(of: $0, .ingress) }
        egressOfNamespaces = model.egress.kinds.map { model.namespaceTier(of: $0, .egress) }
    }

    /// The policy an object of the inventory is, nil when it decides nothing: another one of its name was read later, or its
    /// kind is not judged.
    /// - Throws: `WrongType` for a policy the API server refuses.
    public func policy(ofObject object: Int) throws(WrongType) -> Int? {
        if let known = numbers[object] { return known }
        _ = try PolicyList.read(model.objects[object], object)
        return nil
    }

    public func tier(of policy: Int) -> PolicyTier { model.policies[policy].tier }

    /// Whether a policy selects Pods that the estate holds.
    public func selectsPods(_ policy: Int) -> Bool { !model.compiled.policies[policy].subjects.isEmpty }

    // MARK: - Baselines

    /// Whether this is the first of the policies that administrators put before all others.
    public func isFirstOfAdministrators(_ policy: Int) -> Bool { model.policies.firstIndex { $0.tier == .admin } == policy }

    public var hasBaseline: Bool { model.policies.contains { $0.tier == .baseline && $0.ingress != nil } }

    /// Namespaces with workloads in which a new Pod would be open to every other, sorted.
    public var openNamespaces: [String] {
        let names = Set(model.workloads.map(\.namespace)).sorted()
        return names.filter { !standing.closesNewPods(in: $0, .ingress) }
    }

    private static func podAddresses(_ inventory: Inventory) -> AddressSet {
        var texts: [String] = []
        for node in inventory.objects(ofKind: "Node") {
            // A block of the wrong type hides nothing that matters here.
            texts += (try? node.spec["podCIDRs"].strings()) ?? []
            if let single = (try? node.spec["podCIDR"].string()) ?? nil { texts.append(single) }
        }
        for pod in inventory.objects(ofKind: "Pod") where pod.pod?.usesHostNetwork == false {
            if let address = (try? pod.root["status"]["podIP"].string()) ?? nil { texts.append(address) }
        }
        let ranges = texts.compactMap(AddressRange.init)
        return AddressSet(
            v4: IntervalSet(
                ranges.filter { !$0.isIPv6 }.map { UInt32(truncatingIfNeeded: $0.first)...UInt32(truncatingIfNeeded: $0.last) }),
            v6: IntervalSet(ranges.filter(\.isIPv6).map { $0.first...$0.last }))
    }
}

// MARK: - What rules open

extension PolicyReview {
    /// A rule, or a peer of one, with what it opens.
    public struct Opening: Sendable {
        public let place: Value
        public let connections: ConnectionSet
    }

    /// Rules that let the Pods of a policy out to some of these addresses, and no other policy keeps them from it. Rules that
    /// allow everything are left out: those are a fault of their own.
    public func egress(of policy: Int, to target: AddressSet, _ connections: ConnectionSet) -> [Opening] {
        var real: ConnectionSet?
        var openings: [Opening] = []
        for rule in model.policies[policy].egress ?? [] where rule.action == .allow && (rule.peers != nil || rule.ports != .all) {
            let ports = rule.ports.numbers.intersection(connections)
            guard !ports.isEmpty else { continue }
            let places = rule.peers == nil ? [rule.place] : addressPeers(of: rule, .egress) { !$0.isDisjoint(with: target) }
            guard !places.isEmpty else { continue }
            let reached = real ?? realEgress(of: policy, to: target)
            real = reached
            let open = ports.intersection(reached)
            if !open.isEmpty { openings += places.map { Opening(place: $0, connections: open) } }
        }
        return openings
    }

    /// What some Pod that the policy selects may really open to some of these addresses; everything when the estate holds no
    /// such Pod.
    private func realEgress(of policy: Int, to target: AddressSet) -> ConnectionSet {
        let subjects = model.compiled.policies[policy].subjects
        guard !subjects.isEmpty else { return .all }
        var connections = ConnectionSet.none
        for kind in kinds(of: subjects, .egress) {
            for part in model.egress.kinds[kind].external.parts where !part.region.isDisjoint(with: target) {
                connections.formUnion(part.connections)
            }
        }
        return connections
    }

    /// The peers of a rule that are blocks of addresses, at the field that says so.
    private func addressPeers(of rule: NetworkRule, _ direction: Direction, where matters: (AddressSet) -> Bool) -> [Value] {
        // The rule was read, so its peers are a sequence.
        guard let peers = rule.peers, let written = try? rule.place[direction == .egress ? "to" : "from"].items() else { return [] }
        return zip(peers, written).compactMap { peer, place in
            guard case .addresses(let addresses, _) = peer, matters(addresses) else { return nil }
            let block = place["ipBlock"]["cidr"]
            return block.exists ? block : place
        }
    }

    /// Ports of a workload that nobody outside needs, though a rule opens them to most of the Internet.
    public struct Excess: Sendable {
        public let rule: Value
        /// The first workload, and how many more there are.
        public let workload: Int
        public let others: Int
        public let connections: ConnectionSet
        /// What the ways in to that workload lead to.
        public let served: ConnectionSet
    }

    /// Rules that let most of the Internet reach more of a workload than its ways in from outside lead to.
    public func excessIngress(of policy: Int) -> [Excess] {
        var found: [Excess] = []
        for rule in model.policies[policy].ingress ?? [] where rule.action == .allow && (rule.peers == nil || rule.opensToInternet) {
            var first: (workload: Int, connections: ConnectionSet, served: ConnectionSet)?
            var count = 0
            for workload in workloads(of: model.compiled.policies[policy].subjects) {
                guard let doors = model.doorsOfWorkload[workload] else { continue }
                let served = doors.reduce(ConnectionSet.none) { $0.union(model.doors[$1].targets) }
                let open = model.workloads[workload].groups.reduce(ConnectionSet.none) {
                    $0.union(CompiledPolicies.resolve(rule.ports, model.groups.groups[$1].ports))
                }
                let excess = open.subtracting(served)
                if excess.isEmpty { continue }
                if first == nil { first = (workload, excess, served) }
                count += 1
            }
            if let first {
                found.append(
                    Excess(rule: rule.place, workload: first.workload, others: count - 1, connections: first.connections, served: first.served))
            }
        }
        return found
    }

    /// Workloads with Pods in these groups, in order.
    func workloads(of groups: BitSet) -> [Int] {
        var found: Set<Int> = []
        groups.forEach { found.formUnion(workloadsOfGroup[$0]) }
        return found.sorted()
    }

    func kinds(of groups: BitSet, _ direction: Direction) -> Set<Int> {
        let types = direction == .ingress ? model.ingress : model.egress
        var found: Set<Int> = []
        groups.forEach { found.insert(types.kindOfGroup[$0]) }
        return found
    }
}

extension NetworkRule {
    /// Whether the addresses the rule names are most of the Internet.
    fileprivate var opensToInternet: Bool {
        (peers ?? []).reduce(AddressSet.empty) { union, peer in
            if case .addresses(let addresses, _) = peer { union.union(addresses) } else { union }
        }.isMostOfInternet
    }
}
