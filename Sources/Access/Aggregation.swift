import Documents
import Kubernetes

/// Gathers the rules of aggregated ClusterRoles, as the controller of kube-controller-manager does: whatever stands in their
/// `rules` is replaced by the rules of all ClusterRoles that a selector matches, those gathered themselves included.
struct Aggregation {
    private let roles: [WrittenRole]
    private let keepsCircles: Bool
    /// All ClusterRoles, by name; the order in which the controller gathers.
    private let all: [Int]
    private var byLabel: [String: [Int]] = [:]
    private var byKey: [String: [Int]] = [:]
    /// By index of an aggregated role: what its selectors match.
    private var sources: [Int: [Int]] = [:]
    /// Steps that each role may take: a few lines of labels can ask for the square of all roles.
    private let budget: Int

    /// An object of the API server holds 1.5 MiB at most, and a rule takes some 60 bytes.
    private static let mostRules = 25_000

    /// - Parameter keepsCircles: roles that gather themselves, by way of others, keep what is written in them: what a
    ///   circle ends with depends on what it began with, and in a dump of a cluster it has ended.
    init(_ roles: [WrittenRole], keepsCircles: Bool) {
        self.roles = roles
        self.keepsCircles = keepsCircles
        let gathering = roles.count { $0.selectors != nil }
        budget = max(500, 20_000_000 / max(gathering, 1))
        guard gathering > 0 else {
            all = []
            return
        }
        all = roles.indices.filter { roles[$0].name.kind == "ClusterRole" }
            .sorted { roles[$0].name.name.utf8.lexicographicallyPrecedes(roles[$1].name.name.utf8) }
        for index in all {
            for (key, value) in roles[index].labels {
                byLabel["\(key)=\(value)", default: []].append(index)
                byKey[key, default: []].append(index)
            }
        }
        for (index, role) in roles.enumerated() {
            if let selectors = role.selectors { sources[index] = matching(selectors, except: index) }
        }
    }

    /// nil for roles that keep the rules that are written in them: those without an aggregation rule, and those of which the
    /// estate holds no source, where the written rules are the best there is to know.
    /// - Throws: `WrongType` when a role gathers more than it could ever hold.
    func rules(of role: Int) throws(WrongType) -> [EffectiveRule]? {
        guard roles[role].selectors != nil else { return nil }
        var budget = self.budget
        var seen: Set<Int> = [role]
        var open = try sources(of: role).reversed().map { $0 }
        guard !open.isEmpty else { return nil }
        var rules: [EffectiveRule] = []
        while let next = open.popLast() {
            budget -= 1
            if next == role, keepsCircles { return nil }
            guard seen.insert(next).inserted else { continue }
            if let further = sources[next], !further.isEmpty {
                budget -= further.count
                open += further.reversed()
            } else {
                rules += roles[next].rules
            }
            guard budget > 0, rules.count <= Aggregation.mostRules else { throw tooMuch(role) }
        }
        return rules
    }

    /// - Throws: `WrongType` when looking for them was given up.
    private func sources(of role: Int) throws(WrongType) -> [Int] {
        guard let found = sources[role] else { throw tooMuch(role) }
        return found
    }

    private func tooMuch(_ role: Int) -> WrongType {
        WrongType(value: roles[role].aggregationRule, expected: "one that gathers no more rules than a role can hold")
    }

    /// The roles that one of the selectors matches, nil when that is too much to look for.
    private func matching(_ selectors: [LabelSelector], except role: Int) -> [Int]? {
        var budget = self.budget
        var found: Set<Int> = []
        for selector in selectors {
            let candidates = candidates(selector)
            budget -= candidates.count + 1
            guard budget > 0 else { return nil }
            for candidate in candidates where candidate != role && selector.matches(roles[candidate].labels) { found.insert(candidate) }
        }
        return found.count * 8 > all.count ? all.filter(found.contains) : found.sorted { name(of: $0).lexicographicallyPrecedes(name(of: $1)) }
    }

    private func name(of role: Int) -> String.UTF8View { roles[role].name.name.utf8 }

    /// Those with the rarest of the labels that a selector asks for.
    private func candidates(_ selector: LabelSelector) -> [Int] {
        var rarest = all
        for requirement in selector.requirements {
            let found: [Int]
            switch requirement.operator {
            case .in:
                found = requirement.values.count == 1 ? byLabel["\(requirement.key)=\(requirement.values[0])"] ?? [] : byKey[requirement.key] ?? []
            case .exists: found = byKey[requirement.key] ?? []
            case .notIn, .doesNotExist: continue
            }
            if found.count < rarest.count { rarest = found }
        }
        return rarest
    }
}
