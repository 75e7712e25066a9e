/// What a rule of an ordered policy says about the connections it matches.
public enum PolicyAction: String, Sendable {
    case allow, deny
    /// Leaves the connection to the tiers below.
    case pass
}

/// The three tiers of policies that decide one direction of one Pod's connections.
///
/// First the rules of the admin tier, in order: the first that matches decides. What they leave or pass on goes to
/// the NetworkPolicies, which have the last word on Pods they isolate. For Pods they do not, the baseline tier
/// decides, again by its first matching rule. What nobody decided is allowed.
/// (network-policy-api.sigs.k8s.io, "API Overview")
struct Tiers<R: Region> {
    struct Rule {
        let action: PolicyAction
        let region: R
        let connections: ConnectionSet
    }

    var admin: [Rule] = []
    /// Whether a NetworkPolicy isolates the Pod in this direction.
    var isIsolated = false
    /// What NetworkPolicies allow; terms may overlap.
    var allowed: [Relation<R>.Part] = []
    var baseline: [Rule] = []

    /// Of a part of the region: what is still undecided, and what is allowed already.
    private struct State {
        var region: R
        var open: ConnectionSet
        var allowed: ConnectionSet
        /// Passed on by the admin tier.
        var passed: ConnectionSet
    }

    func decide(in universe: R) -> Relation<R> {
        if admin.isEmpty, baseline.isEmpty || isIsolated {
            return isIsolated ? Relation(allowing: allowed) : Relation(universe, .all)
        }
        var states = [State(region: universe, open: .all, allowed: .none, passed: .none)]
        for rule in admin { Tiers.apply(rule, to: &states) }
        if isIsolated {
            states = Tiers.intersect(states, Relation(allowing: allowed))
        } else {
            for index in states.indices {
                states[index].open.formUnion(states[index].passed)
                states[index].passed = .none
            }
            for rule in baseline { Tiers.apply(rule, to: &states) }
            for index in states.indices { states[index].allowed.formUnion(states[index].open.union(states[index].passed)) }
        }
        return Relation(disjoint: states.map { Relation.Part(region: $0.region, connections: $0.allowed) })
    }

    private static func apply(_ rule: Rule, to states: inout [State]) {
        for index in states.indices where !states[index].region.isDisjoint(with: rule.region) {
            let decided = states[index].open.intersection(rule.connections)
            guard !decided.isEmpty else { continue }
            var state = states[index]
            let left = state.region.subtracting(rule.region)
            if !left.isEmpty {
                state.region = state.region.intersection(rule.region)
                states[index].region = left
                states.append(settled(state, decided, rule.action))
            } else {
                states[index] = settled(state, decided, rule.action)
            }
        }
    }

    private static func settled(_ state: State, _ decided: ConnectionSet, _ action: PolicyAction) -> State {
        var state = state
        state.open = state.open.subtracting(decided)
        switch action {
        case .allow: state.allowed.formUnion(decided)
        case .deny: break
        case .pass: state.passed.formUnion(decided)
        }
        return state
    }

    /// Cuts the states along what NetworkPolicies allow; of what the admin tier left, only that stays.
    private static func intersect(_ states: [State], _ policies: Relation<R>) -> [State] {
        var result: [State] = []
        for state in states {
            var rest = state
            let undecided = state.open.union(state.passed)
            for part in policies.parts where !part.region.isDisjoint(with: rest.region) {
                var cut = rest
                cut.region = rest.region.intersection(part.region)
                cut.allowed.formUnion(undecided.intersection(part.connections))
                rest.region = rest.region.subtracting(part.region)
                result.append(cut)
            }
            if !rest.region.isEmpty { result.append(rest) }
        }
        return result
    }
}
