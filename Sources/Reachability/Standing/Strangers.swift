import Kubernetes

/// The rules that matter for one Pod, by tier, put together one by one.
private struct TierRules<R: Region> {
    var isIsolated = false
    private var admin: [Decisions<R>.Rule] = []
    private var allowed: [Relation<R>.Part] = []
    private var baseline: [Decisions<R>.Rule] = []

    mutating func add(_ tier: PolicyTier, _ action: PolicyAction, _ region: R, _ connections: ConnectionSet) {
        guard !region.isEmpty, !connections.isEmpty else { return }
        switch tier {
        case .admin: admin.append(Decisions.Rule(action: action, region: region, connections: connections))
        case .namespace: allowed.append(Relation.Part(region: region, connections: connections))
        case .baseline: baseline.append(Decisions.Rule(action: action, region: region, connections: connections))
        }
    }

    func decide(in universe: R) -> Relation<R> {
        var decisions = Decisions(in: universe)
        decisions.apply(admin)
        if isIsolated { return decisions.isolated(allowing: Relation(allowing: allowed)) }
        decisions.apply(baseline)
        return decisions.open
    }
}

extension NetworkModel {
    /// What a Pod without labels, in a namespace without labels that nobody has named, may open to the Pods of an ingress kind:
    /// whatever is open to it is open to every namespace there will ever be.
    func strangerIngress(_ kind: ConnectionTypes.Kind) -> ConnectionSet {
        guard let group = kind.groups.members.first else { return .none }
        var tiers = TierRules<BitSet>()
        let stranger = BitSet(0..<1)
        for index in kind.policies {
            guard let rules = policies[index].ingress else { continue }
            if policies[index].tier == .namespace { tiers.isIsolated = true }
            for rule in rules where rule.matchesStranger {
                tiers.add(policies[index].tier, rule.action, stranger, CompiledPolicies.resolve(rule.ports, groups.groups[group].ports))
            }
        }
        return tiers.decide(in: stranger).connections { _ in true }
    }
}

extension NetworkStanding {
    /// Whether a new Pod of the namespace, without labels, is closed to strangers, or keeps from them and from the Internet.
    public func closesNewPods(in namespace: String, _ direction: Direction) -> Bool {
        guard let number = model.groups.namespaces.number(of: namespace) else { return false }
        let stranger = BitSet(0..<1)
        var pods = TierRules<BitSet>()
        var addresses = TierRules<AddressSet>()
        for policy in newPodPolicies(of: number, namespace) {
            guard let rules = policy.rules(direction) else { continue }
            if policy.tier == .namespace { (pods.isIsolated, addresses.isIsolated) = (true, true) }
            for rule in rules {
                if rule.matchesStranger { pods.add(policy.tier, rule.action, stranger, rule.ports.numbers) }
                addresses.add(policy.tier, rule.action, rule.namedAddresses, rule.ports.numbers)
            }
        }
        guard pods.decide(in: stranger).parts.isEmpty else { return false }
        guard direction == .egress else { return true }
        let outside = addresses.decide(in: .everything).parts.map { ExternalConnections(addresses: $0.region, connections: $0.connections) }
        return outside.openToInternet.isEmpty
    }

    private func newPodPolicies(of number: Int, _ namespace: String) -> [Policy] {
        model.policies.filter { policy in
            guard policy.subject.pods.requirements.allSatisfy({ $0.matches(nil) }) else { return false }
            switch policy.subject.namespaces {
            case .named(let name): return name == namespace
            case .labelled(let selector): return model.groups.namespaces.select(selector).contains(number)
            }
        }
    }
}

extension NetworkRule {
    /// Addresses the rule speaks of, everything where it names no peers.
    fileprivate var namedAddresses: AddressSet {
        guard let peers else { return .everything }
        return peers.reduce(.empty) { union, peer in
            if case .addresses(let addresses, _) = peer { union.union(addresses) } else { union }
        }
    }

    /// Whether the rule is about a Pod that has no label, in a namespace that has none but that of its name.
    fileprivate var matchesStranger: Bool {
        guard let peers else { return true }
        return peers.contains { peer in
            switch peer {
            case .pods(let selection): selection.matchesStranger
            case .addresses(let addresses, matchesPods: let matchesPods): matchesPods && addresses.holdsAFamily
            case .nodes, .domainNames: false
            }
        }
    }
}

extension PodSelection {
    /// As for rules.
    var matchesStranger: Bool {
        guard case .labelled(let namespaces) = namespaces, pods.requirements.allSatisfy({ $0.matches(nil) }) else { return false }
        return namespaces.requirements.allSatisfy { requirement in
            guard requirement.key == NamespaceList.nameLabel else { return requirement.matches(nil) }
            // A namespace of another name than all that are written down.
            return requirement.operator == .notIn || requirement.operator == .exists
        }
    }
}
