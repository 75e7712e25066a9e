/// What a rule of an ordered policy says about the connections it matches.
public enum PolicyAction: String, Sendable {
    case allow, deny
    /// Leaves the connection to the tiers below.
    case pass
}

/// What is decided already about the other ends of one Pod's connections, and what is not: the three tiers of policies
/// take their turn on it.
///
/// First the rules of the admin tier, in order: the first that matches decides. What they leave or pass on goes to
/// the NetworkPolicies, which have the last word on Pods they isolate. For Pods they do not, the baseline tier
/// decides, again by its first matching rule. What nobody decided is allowed.
/// (network-policy-api.sigs.k8s.io, "API Overview")
struct Decisions<R: Region> {
    struct Rule {
        let action: PolicyAction
        let region: R
        let connections: ConnectionSet
    }

    /// Of a part of the region: what is still undecided, and what is allowed already.
    private struct State {
        var region: R
        var open: ConnectionSet
        var allowed: ConnectionSet
        /// Passed on to the next tier.
        var passed: ConnectionSet

        /// Lets a rule decide about what is open.
        /// - Returns: false when it finds nothing to decide.
        @discardableResult
        mutating func settle(_ rule: Rule) -> Bool {
            let decided = open.intersection(rule.connections)
            if decided.isEmpty { return false }
            open = open.subtracting(decided)
            switch rule.action {
            case .allow: allowed.formUnion(decided)
            case .deny: break
            case .pass: passed.formUnion(decided)
            }
            return true
        }
    }

    /// Disjoint parts.
    private var states: [State]

    init(in universe: R) { states = [State(region: universe, open: .all, allowed: .none, passed: .none)] }

    /// A tier of ordered rules.
    mutating func apply(_ rules: [Rule]) {
        if rules.count > manyRegions {
            applyAtOnce(rules)
        } else {
            for rule in rules { apply(rule) }
        }
        for index in states.indices where !states[index].passed.isEmpty {
            states[index].open.formUnion(states[index].passed)
            states[index].passed = .none
        }
    }

    /// The end of the way for Pods that NetworkPolicies isolate: of what is undecided, only what they allow stays.
    func isolated(allowing policies: Relation<R>) -> Relation<R> {
        if states.count == 1, states[0].open.isAll { return policies }
        var result: [Relation<R>.Part] = []
        for state in states {
            var rest = state.region
            for part in policies.parts where !part.region.isDisjoint(with: rest) {
                let connections = state.allowed.union(state.open.intersection(part.connections))
                result.append(Relation.Part(region: rest.intersection(part.region), connections: connections))
                rest = rest.subtracting(part.region)
            }
            result.append(Relation.Part(region: rest, connections: state.allowed))
        }
        return Relation(disjoint: result)
    }

    /// The end of the way for all others: what is undecided is allowed.
    var open: Relation<R> {
        Relation(disjoint: states.map { Relation.Part(region: $0.region, connections: $0.allowed.union($0.open)) })
    }

    /// Cuts the region along all rules at once, and takes each piece through those that hold it.
    private mutating func applyAtOnce(_ rules: [Rule]) {
        let before = states
        states = R.pieces(of: before.map(\.region) + rules.map(\.region)).compactMap { piece in
            // Exactly one of the parts before holds each piece, unless a rule reaches beyond them all.
            guard let first = piece.holders.first, first < before.count else { return nil }
            var state = before[first]
            state.region = piece.region
            for holder in piece.holders.dropFirst() where !state.open.isEmpty { state.settle(rules[holder - before.count]) }
            return state
        }
    }

    private mutating func apply(_ rule: Rule) {
        for index in states.indices where !states[index].region.isDisjoint(with: rule.region) {
            var state = states[index]
            guard state.settle(rule) else { continue }
            state.region = state.region.intersection(rule.region)
            let left = states[index].region.subtracting(rule.region)
            if left.isEmpty {
                states[index] = state
            } else {
                states[index].region = left
                states.append(state)
            }
        }
    }
}
