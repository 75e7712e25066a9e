/// Works out what policies allow in one direction, kind by kind of Pods.
///
/// Many kinds are under the same policies of administrators, whose ordered rules are dear to apply; that part is worked
/// out once for all of them.
struct Evaluation {
    private let terms: RuleTerms
    private var pods = AdminTier<BitSet>()
    private var addresses = AdminTier<AddressSet>()

    init(_ compiled: CompiledPolicies, _ direction: Direction) { terms = RuleTerms(compiled: compiled, direction: direction) }

    /// What is possible with other Pods.
    ///
    /// - Parameters:
    ///   - selecting: policies that select the Pods in this direction, in the order in which they are asked.
    ///   - ports: named ports of the Pods, for what arrives.
    mutating func pods(_ selecting: [Int], _ ports: [PodProfile.ContainerPort]) -> Relation<BitSet> {
        let terms = terms
        return pods.decide(terms.tiers(selecting), ports, in: terms.compiled.groups.all) { terms.pods($0, ports) }
    }

    /// What is possible with addresses outside.
    mutating func external(_ selecting: [Int], _ ports: [PodProfile.ContainerPort]) -> Relation<AddressSet> {
        let terms = terms
        return addresses.decide(terms.tiers(selecting), ports, in: .everything) { terms.addresses($0, ports) }
    }
}

/// The rules that select one kind of Pods, by tier; nil where no NetworkPolicy does.
private struct TierRules {
    let adminPolicies: [Int]
    let admin: [CompiledPolicies.Rule]
    let network: [CompiledPolicies.Rule]?
    let baseline: [CompiledPolicies.Rule]
}

/// Decisions of the admin tier, kept by the policies they came from.
private struct AdminTier<R: Region> {
    private var known: [Key: Decisions<R>] = [:]

    private struct Key: Hashable {
        let policies: [Int]
        let ports: [PodProfile.ContainerPort]
    }

    mutating func decide(
        _ rules: TierRules, _ ports: [PodProfile.ContainerPort], in universe: R, terms: (CompiledPolicies.Rule) -> [Relation<R>.Part]
    ) -> Relation<R> {
        func ordered(_ rules: [CompiledPolicies.Rule]) -> [Decisions<R>.Rule] {
            rules.flatMap { rule in
                terms(rule).map { Decisions.Rule(action: rule.action, region: $0.region, connections: $0.connections) }
            }
        }
        let key = Key(policies: rules.adminPolicies, ports: ports)
        var decisions = known[key] ?? Decisions(in: universe)
        if known[key] == nil {
            decisions.apply(ordered(rules.admin))
            known[key] = decisions
        }
        if let network = rules.network { return decisions.isolated(allowing: Relation(allowing: network.flatMap(terms))) }
        decisions.apply(ordered(rules.baseline))
        return decisions.open
    }
}

/// What a rule means for the other end of a connection.
private struct RuleTerms {
    let compiled: CompiledPolicies
    let direction: Direction

    func tiers(_ selecting: [Int]) -> TierRules {
        let tiers = Dictionary(grouping: selecting) { compiled.policies[$0].tier }
        func rules(_ tier: PolicyTier) -> [CompiledPolicies.Rule] {
            (tiers[tier] ?? []).flatMap { compiled.policies[$0].rules(direction) ?? [] }
        }
        return TierRules(
            adminPolicies: tiers[.admin] ?? [], admin: rules(.admin), network: tiers[.namespace] == nil ? nil : rules(.namespace),
            baseline: rules(.baseline))
    }

    func pods(_ rule: CompiledPolicies.Rule, _ ports: [PodProfile.ContainerPort]) -> [Relation<BitSet>.Part] {
        guard direction == .egress else {
            return [Relation.Part(region: rule.groups, connections: CompiledPolicies.resolve(rule.ports, ports))]
        }
        // Each destination resolves a named port for itself.
        let named = rule.ports.names.flatMap { compiled.groups.destinations(of: $0) }.map {
            Relation.Part(region: rule.groups.intersection($0.groups), connections: $0.connections)
        }
        return [Relation.Part(region: rule.groups, connections: rule.ports.numbers)] + named
    }

    /// A named port never matches an address.
    func addresses(_ rule: CompiledPolicies.Rule, _ ports: [PodProfile.ContainerPort]) -> [Relation<AddressSet>.Part] {
        let connections = direction == .egress ? rule.ports.numbers : CompiledPolicies.resolve(rule.ports, ports)
        return [Relation.Part(region: rule.addresses, connections: connections)]
    }
}
