import Kubernetes

/// A way from the Internet to a workload, and what is really open on it: only what the security groups of its interface *and*
/// the network policies let through.
public struct InternetExposure: Sendable {
    public enum Way: Sendable {
        /// The Pod has a public address of its own.
        case publicAddress
        /// Through what the entry leads through: a load balancer, an Ingress and its controller.
        case entry(Entry)
    }

    public let way: Way
    /// Open for certain.
    public let open: ConnectionSet
    /// Open if everything that cannot be seen opens; none when the estate shows that nothing is.
    public let possible: ConnectionSet
    /// The rules that let in what is open, with their groups.
    public let rules: [(group: SecurityGroup, rule: SecurityGroupRule)]
    /// Indexes of the policies that select the workload and let in what is open.
    public let policies: [Int]
    /// The groups of the interface.
    public let groups: GroupSet
}

/// What to ask of an estate's ways in.
public struct ExposureQuestion: Sendable {
    public let network: NetworkModel
    /// False where nothing enforces the policies, so that they close nothing.
    public let enforcesPolicies: Bool
    /// How the group is found that Pods are in which are given none.
    public let cluster: SecurityGroups.ClusterGroup
    /// Whose load balancer annotations count, empty for all.
    public let platforms: [String]

    public init(network: NetworkModel, enforcesPolicies: Bool = true, cluster: SecurityGroups.ClusterGroup, platforms: [String] = []) {
        self.network = network
        self.enforcesPolicies = enforcesPolicies
        self.cluster = cluster
        self.platforms = platforms
    }
}

extension SecurityGroups {
    /// The ways on which the Internet comes, or may come, to the Pods that an object of the inventory is or makes. Ways that groups
    /// or policies close for certain are left out, as are those that only few addresses may go.
    public func internetExposures(ofObject object: Int, hasPublicAddress: Bool, _ question: ExposureQuestion) -> [InternetExposure] {
        let network = question.network
        let entries = network.workload(ofObject: object).map { network.entries(of: $0, platforms: question.platforms) } ?? []
        guard hasPublicAddress || !entries.isEmpty else { return [] }
        let set = groups(ofObject: object, question.cluster)
        var exposures: [InternetExposure] = []
        func add(_ way: InternetExposure.Way, _ open: ConnectionSet, _ possible: ConnectionSet) {
            guard !open.isEmpty || !possible.isEmpty else { return }
            exposures.append(
                InternetExposure(
                    way: way, open: open, possible: possible.union(open), rules: open.isEmpty ? [] : deciding(set, open, way),
                    policies: question.enforcesPolicies ? network.policies(ofObject: object) : [], groups: set))
        }
        if hasPublicAddress {
            let policies = question.enforcesPolicies ? network.ingress(ofObject: object) : Relation(.everything, .all)
            let (open, possible) = throughPublicAddress(set, policies)
            add(.publicAddress, open, possible)
        }
        for entry in entries where entry.reach != .nodes && entry.sources.intersection(.internet).isWide {
            let (certain, possible) = admitted(entry, to: set, question)
            let allowed = question.enforcesPolicies ? entry.allowed : entry.targets
            // A balancer of which nobody can tell whether its address is public opens nothing for certain.
            let isKnown = entry.reach == .internet && (entry.isCertain || !question.enforcesPolicies)
            add(.entry(entry), isKnown ? certain.intersection(allowed) : .none, possible.intersection(allowed))
        }
        return exposures
    }

    /// What both groups and policies let the Internet open.
    private func throughPublicAddress(_ set: GroupSet, _ policies: Relation<AddressSet>) -> (open: ConnectionSet, possible: ConnectionSet) {
        let filter = filter(set, .ingress)
        func both(_ bound: Relation<AddressSet>) -> ConnectionSet { bound.intersection(policies).restricted(to: .internet).wide }
        guard set.unknown == nil else { return (both(filter.certain), both(filter.possible)) }
        return cache.exposure(GroupCache.ExposureKey(ids: set.ids, policies: policies.external)) { (both(filter.certain), both(filter.possible)) }
    }

    /// What the groups let through of what comes in at an entry.
    private func admitted(
        _ entry: Entry, to set: GroupSet, _ question: ExposureQuestion
    ) -> (certain: ConnectionSet, possible: ConnectionSet) {
        if case .workloads(let forwarders) = entry.forwarder {
            let objects = forwarders.flatMap { question.network.workloads[$0].objects }
            var (certain, possible) = (ConnectionSet.none, ConnectionSet.none)
            for forwarder in objects {
                let both = connections(from: groups(ofObject: forwarder, question.cluster), to: set)
                certain.formUnion(both.certain)
                possible.formUnion(both.possible)
            }
            return (certain, possible)
        }
        // Whether a balancer keeps the client's address or puts its own is not known: only what every address may open is open
        // for certain.
        let filter = filter(set, .ingress)
        return (filter.certain.everywhere(in: .everyIPv4), filter.possible.anywhere.union(byGroups(set)))
    }

    /// The allowing rules without which less would be open.
    private func deciding(
        _ set: GroupSet, _ open: ConnectionSet, _ way: InternetExposure.Way
    ) -> [(group: SecurityGroup, rule: SecurityGroupRule)] {
        var comesFromPods = false
        if case .entry(let entry) = way, case .workloads = entry.forwarder { comesFromPods = true }
        return set.rules(.ingress).filter { _, rule in
            guard rule.rule.isAllowing, !rule.isConditional, !rule.connections.intersection(open).isEmpty else { return false }
            switch rule.rule.peer {
            case .addresses: return comesFromPods || rule.addresses.map { !$0.isDisjoint(with: .internet) } ?? false
            case .group, .itself: return comesFromPods
            case .prefixList: return false
            }
        }
    }

    /// What of a rule more of the Internet than anyone owns may open, once the drops that are asked before it are taken away.
    public func openConnections(of rule: SecurityGroupRule, in group: SecurityGroup) -> ConnectionSet {
        // A list that no group can have is judged rule by rule; so is one of which not all is known.
        guard group.cloud == .alibaba, group.isReadable(.ingress) else { return rule.opensToInternet ? rule.connections : .none }
        let open = cache.open(group.id) { group.openConnections }
        return open.indices.contains(rule.index) ? open[rule.index] : .none
    }

    /// What rules allow to members of groups: a balancer may be one.
    private func byGroups(_ set: GroupSet) -> ConnectionSet {
        var connections = ConnectionSet.none
        for (_, rule) in set.rules(.ingress) where rule.rule.isAllowing {
            switch rule.rule.peer {
            case .group, .itself: connections.formUnion(rule.connections)
            case .addresses, .prefixList: continue
            }
        }
        return connections
    }
}

extension SecurityGroupRule {
    /// Whether the rule by itself lets in more of the Internet than anyone owns.
    var opensToInternet: Bool { rule.direction == .ingress && rule.isAllowing && isInternetWide }
}

extension SecurityGroup {
    /// For each rule, what more of the Internet than anyone owns may open through it.
    var openConnections: [ConnectionSet] {
        let drops = rules.filter { $0.rule.direction == .ingress && !$0.rule.isAllowing && !$0.isConditional }
        return rules.map { rule in
            guard rule.opensToInternet, let addresses = rule.addresses else { return .none }
            var asked: [Decisions<AddressSet>.Rule] = []
            for drop in drops where drop.rule.priority <= rule.rule.priority {
                guard let region = drop.addresses, !region.isDisjoint(with: addresses) else { continue }
                let connections = drop.connections.intersection(rule.connections)
                if !connections.isEmpty { asked.append(Decisions.Rule(action: .deny, region: region, connections: connections)) }
            }
            if asked.isEmpty { return rule.connections }
            asked.append(Decisions.Rule(action: .allow, region: addresses, connections: rule.connections))
            var decisions = Decisions(in: addresses.intersection(.internet))
            decisions.apply(asked)
            return decisions.isolated(allowing: Relation()).wide
        }
    }
}

extension NetworkModel {
    /// What addresses outside may open to the Pods of an object, as policies have it; everything for what runs nothing.
    func ingress(ofObject object: Int) -> Relation<AddressSet> {
        guard let group = group(ofObject: object) else { return Relation(.everything, .all) }
        return ingress.kind(of: group).external
    }

    /// Indexes of the policies that say something of what comes in to the Pods of an object.
    func policies(ofObject object: Int) -> [Int] {
        guard let group = group(ofObject: object) else { return [] }
        return ingress.kind(of: group).policies.map { policies[$0].object }
    }

    private func group(ofObject object: Int) -> Int? {
        groups.groupOfObject.indices.contains(object) ? groups.groupOfObject[object] : nil
    }
}

extension Relation<AddressSet> {
    /// What both let through.
    func intersection(_ other: Relation<AddressSet>) -> Relation<AddressSet> {
        var common: [Part] = []
        for part in parts {
            for another in other.parts {
                common.append(
                    Part(region: part.region.intersection(another.region), connections: part.connections.intersection(another.connections)))
            }
        }
        return Relation(disjoint: common)
    }

    func restricted(to region: AddressSet) -> Relation<AddressSet> {
        Relation(disjoint: parts.map { Part(region: $0.region.intersection(region), connections: $0.connections) })
    }

    /// What some address may open.
    var anywhere: ConnectionSet { parts.reduce(.none) { $0.union($1.connections) } }

    /// What every address of a region may open.
    func everywhere(in region: AddressSet) -> ConnectionSet {
        var (rest, connections) = (region, ConnectionSet.all)
        for part in parts where !part.region.isDisjoint(with: rest) {
            connections = connections.intersection(part.connections)
            rest = rest.subtracting(part.region)
        }
        return rest.isEmpty ? connections : .none
    }

    /// The same the other way round: disjoint sets of connections, each with all the addresses that may open them.
    var byConnections: [ExternalConnections] {
        var states: [(connections: ConnectionSet, addresses: AddressSet)] = [(.all, .empty)]
        for part in parts {
            for index in states.indices {
                let common = states[index].connections.intersection(part.connections)
                guard !common.isEmpty else { continue }
                let rest = states[index].connections.subtracting(common)
                let joined = states[index].addresses.union(part.region)
                if !rest.isEmpty { states.append((rest, states[index].addresses)) }
                states[index] = (common, joined)
            }
        }
        return states.filter { !$0.addresses.isEmpty }.map { ExternalConnections(addresses: $0.addresses, connections: $0.connections) }
    }

    /// The connections that more of the Internet than anyone owns may open.
    var wide: ConnectionSet { byConnections.filter { $0.addresses.isWide }.reduce(.none) { $0.union($1.connections) } }
}

extension AddressSet {
    /// Whether this is more of the Internet than anyone owns: as much as an IPv4 block of 8 bits or an IPv6 block of 16.
    public var isWide: Bool {
        let v4 = self.v4.ranges.reduce(UInt64(0)) { $0 + UInt64($1.upperBound - $1.lowerBound) + 1 }
        if v4 > 1 << 24 { return true }
        var v6: UInt128 = 0
        for range in self.v6.ranges {
            let (sum, overflow) = v6.addingReportingOverflow(range.upperBound - range.lowerBound)
            if overflow { return true }
            v6 = sum
        }
        return v6 >> 112 > 0
    }
}
