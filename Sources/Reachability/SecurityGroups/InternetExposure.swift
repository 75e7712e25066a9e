import Kubernetes

/// What of a workload the Internet really reaches: only what the security groups of its interface *and* the network policies let
/// through, and the load balancer where the way leads through one.
public struct InternetExposure: Sendable {
    /// How traffic comes to the interface.
    public enum Entry: Sendable {
        /// The Pod has a public address of its own.
        case publicAddress
        /// A load balancer with a public address hands on connections from these addresses to these ports of the Pod. Whether
        /// it keeps the client's address or puts its own is not known, so both are asked for.
        case balancer(sources: AddressSet, connections: ConnectionSet)
    }

    /// Open for certain: the connections, each set with the addresses of the Internet that may open them.
    public let open: [ExternalConnections]
    /// Open if everything that cannot be seen opens; empty when the estate shows that nothing is.
    public let possible: ConnectionSet
    /// The rules that let in what is open, with their groups.
    public let rules: [(group: SecurityGroup, rule: SecurityGroupRule)]
    /// Indexes of the policies that select the workload and let in what is open.
    public let policies: [Int]
    /// The groups of the interface.
    public let groups: GroupSet

    public var connections: ConnectionSet { open.reduce(.none) { $0.union($1.connections) } }
}

extension SecurityGroups {
    /// Works out what the Internet reaches of the Pods that an object of the inventory is or makes.
    ///
    /// - Parameters:
    ///   - network: what the policies say; nil when nothing enforces them.
    ///   - cluster: how the group of Pods is found that are given none.
    public func internetExposure(
        ofObject object: Int, through entry: InternetExposure.Entry, _ network: NetworkModel?, _ cluster: ClusterGroup
    ) -> InternetExposure {
        let set = groups(ofObject: object, cluster)
        let filter = filter(set, .ingress)
        let policies = network.map { $0.ingress(ofObject: object) } ?? Relation<AddressSet>(.everything, .all)
        let certain: Relation<AddressSet>
        let possible: ConnectionSet
        switch entry {
        case .publicAddress:
            certain = filter.certain.intersection(policies).restricted(to: .internet)
            possible = filter.possible.intersection(policies).restricted(to: .internet).wide
        case .balancer(let sources, let connections):
            let clients = sources.intersection(.internet)
            // Open whichever address the balancer shows: the client's, or one of its own in the private network.
            let inside = filter.certain.everywhere(in: .everyIPv4).intersection(policies.everywhere(in: .everyIPv4)).intersection(connections)
            certain = Relation(clients, inside)
            let admitted = filter.possible.anywhere.union(byGroups(set))
            possible = clients.isEmpty ? .none : admitted.intersection(policies.anywhere).intersection(connections)
        }
        let open = certain.byConnections.filter { $0.addresses.isWide }
        let all = open.reduce(ConnectionSet.none) { $0.union($1.connections) }
        return InternetExposure(
            open: open, possible: possible.union(all), rules: all.isEmpty ? [] : deciding(set, all),
            policies: all.isEmpty ? [] : network?.policies(ofObject: object) ?? [], groups: set)
    }

    /// What of a rule more of the Internet than anyone owns may open, once the drops that are asked before it are taken away.
    public func openConnections(of rule: SecurityGroupRule, in group: SecurityGroup) -> ConnectionSet {
        guard rule.rule.direction == .ingress, rule.rule.isAllowing, rule.isInternetWide, let addresses = rule.addresses else { return .none }
        // A list that no group can have is judged rule by rule; so is one of which not all is known.
        guard group.cloud == .alibaba, group.isReadable else { return rule.connections }
        var tiers = Tiers<AddressSet>()
        tiers.isIsolated = true
        for drop in group.rules where drop.rule.direction == .ingress && !drop.rule.isAllowing && drop.rule.priority <= rule.rule.priority {
            guard !drop.isConditional, let region = drop.addresses, !region.isEmpty, !drop.connections.isEmpty else { continue }
            tiers.admin.append(Tiers.Rule(action: .deny, region: region, connections: drop.connections))
        }
        if tiers.admin.isEmpty { return rule.connections }
        tiers.admin.append(Tiers.Rule(action: .allow, region: addresses, connections: rule.connections))
        return tiers.decide(in: addresses.intersection(.internet)).wide
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

    /// The allowing rules without which less would be open.
    private func deciding(_ set: GroupSet, _ open: ConnectionSet) -> [(group: SecurityGroup, rule: SecurityGroupRule)] {
        set.rules(.ingress).filter { _, rule in
            guard rule.rule.isAllowing, !rule.isConditional, let addresses = rule.addresses else { return false }
            return !rule.connections.intersection(open).isEmpty && !addresses.isDisjoint(with: .internet)
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
    /// Addresses that hosts of the Internet can have: no private, shared, local or multicast ones, nor those kept for later.
    ///
    /// Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), IPv6 Global Unicast Address Space.
    public static let internet: AddressSet = {
        func set(_ ranges: [String]) -> AddressSet {
            ranges.reduce(.empty) { set, text in AddressRange(text).map { set.union(AddressSet($0)) } ?? set }
        }
        let kept = set([
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/3",
        ])
        return everyIPv4.union(set(["2000::/3"])).subtracting(kept)
    }()

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
