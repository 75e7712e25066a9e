import Documents
import Kubernetes

/// All needs of all techniques, each once, found by what a rule writes: a rule is read once, however many techniques there are.
struct NeedTable: Sendable {
    static let shared = NeedTable(Technique.all)

    let needs: [Need]
    /// The needs of each technique as bits, by index of the technique.
    let masks: [UInt64]
    /// The same as indexes, in the order of the technique.
    let needsOfTechniques: [[Int]]
    /// Needs that only a ClusterRoleBinding satisfies.
    let clusterScoped: UInt64

    private struct Entry {
        let need: Int
        let permission: Permission
    }

    /// By `pods/exec`, whatever the group.
    private let byPath: [String: [Entry]]
    /// By `exec`, for rules that write `*/exec`.
    private let bySubresource: [String: [Entry]]
    private let all: [Entry]
    private let groups: [String: UInt64]

    init(_ techniques: [Technique]) {
        var needs: [Need] = []
        var indexes: [Need: Int] = [:]
        needsOfTechniques = techniques.map { technique in
            technique.needs.map { need in
                let index = indexes[need] ?? needs.count
                if index == needs.count {
                    indexes[need] = index
                    needs.append(need)
                }
                return index
            }
        }
        masks = needsOfTechniques.map { $0.reduce(0) { $0 | 1 << UInt64($1) } }
        self.needs = needs
        clusterScoped = needs.indices.reduce(0) { needs[$1].isClusterScoped ? $0 | 1 << UInt64($1) : $0 }
        all = needs.enumerated().flatMap { index, need in need.permissions.map { Entry(need: index, permission: $0) } }
        byPath = Dictionary(grouping: all) { $0.permission.resource.path }
        bySubresource = Dictionary(grouping: all.filter { !$0.permission.resource.subresource.isEmpty }) { $0.permission.resource.subresource }
        var groups: [String: UInt64] = [:]
        for entry in all where groups[entry.permission.resource.group] == nil {
            groups[entry.permission.resource.group] = 1 << UInt64(groups.count)
        }
        self.groups = groups
    }

    /// What a rule gives.
    struct Grant {
        let need: Int
        /// Names that limit it, nil for none.
        let names: [String]?
    }

    /// The needs that a rule satisfies, each once, as the authorizer reads the rule (`PolicyRule`).
    /// - Throws: `WrongType` for a list of the wrong type; rules of an `AccessPolicy` have none.
    func grants(of rule: PolicyRule) throws(WrongType) -> [Grant] {
        var verbs: Verbs = []
        for item in try rule.verbs.items() { verbs.formUnion(Verbs.byName[try item.string() ?? ""] ?? []) }
        guard !verbs.isEmpty else { return [] }
        var covered: UInt64 = 0
        for item in try rule.apiGroups.items() {
            let group = try item.string() ?? ""
            covered |= group == "*" ? .max : groups[group] ?? 0
        }
        guard covered != 0 else { return [] }
        let names = try rule.resourceNames.strings()
        var found: [Grant] = []
        var seen: UInt64 = 0
        for item in try rule.resources.items() {
            for entry in entries(for: try item.string() ?? "") where seen & 1 << UInt64(entry.need) == 0 {
                guard (groups[entry.permission.resource.group] ?? 0) & covered != 0 else { continue }
                guard let grant = grant(entry, verbs, names) else { continue }
                seen |= 1 << UInt64(entry.need)
                found.append(grant)
            }
        }
        return found
    }

    private func entries(for resource: String) -> [Entry] {
        if resource == "*" { return all }
        let exact = byPath[resource] ?? []
        guard resource.utf8.starts(with: "*/".utf8) else { return exact }
        return exact + (bySubresource[String(resource.dropFirst(2))] ?? [])
    }

    private func grant(_ entry: Entry, _ verbs: Verbs, _ names: [String]) -> Grant? {
        var wanted = entry.permission.verbs
        guard !names.isEmpty else { return wanted.isDisjoint(with: verbs) ? nil : Grant(need: entry.need, names: nil) }
        // The empty name is that of requests without one, so a rule that lists it covers those.
        let coversNameless = names.contains("")
        if entry.permission.isCreatedWithoutName, !coversNameless { wanted.remove(.create) }
        wanted.formIntersection(verbs)
        guard !wanted.isEmpty else { return nil }
        switch needs[entry.need].names {
        case .limit:
            let isUnlimited = coversNameless && !wanted.isDisjoint(with: [.list, .watch, .create])
            return Grant(need: entry.need, names: isUnlimited ? nil : names)
        case .ignored: return Grant(need: entry.need, names: nil)
        case .forbidden: return coversNameless && !wanted.isDisjoint(with: [.create, .escalate]) ? Grant(need: entry.need, names: nil) : nil
        case .oneOf(let wanted): return names.contains(where: wanted.contains) ? Grant(need: entry.need, names: nil) : nil
        }
    }
}

/// What one role gives towards techniques.
struct RoleGrants: Sendable {
    struct Source: Sendable {
        /// Index into the rules of the role.
        let rule: Int32
        /// Names that limit it, nil for none.
        let names: ResourceNames?
        /// The rule is one of those the API server makes in this role.
        let isOwn: Bool
    }

    private(set) var mask: UInt64 = 0
    /// Needs that a rule without names satisfies.
    private(set) var unlimited: UInt64 = 0
    /// By need, in the order of the rules; an unlimited one stands alone, since it says all.
    private var sources: [(need: Int32, source: Source)] = []

    static let none = RoleGrants()

    private init() {}

    init(_ role: EffectiveRole, in policy: AccessPolicy) {
        for (index, effective) in role.rules.enumerated() {
            // Every list was read when the role was taken in; what could not be read is among the faults of the policy.
            guard let grants = try? NeedTable.shared.grants(of: effective.rule), !grants.isEmpty else { continue }
            let isOwn = policy.isOwn(effective)
            let names = grants.contains { $0.names != nil } ? ResourceNames(grants.first { $0.names != nil }?.names ?? []) : nil
            for grant in grants { add(grant, Source(rule: Int32(index), names: grant.names == nil ? nil : names, isOwn: isOwn)) }
        }
    }

    /// Of several unlimited rules the API server's own counts: it stays whatever a customer takes away.
    private mutating func add(_ grant: NeedTable.Grant, _ source: Source) {
        let need = Int32(grant.need)
        mask |= 1 << UInt64(need)
        guard grant.names == nil else { return sources.append((need, source)) }
        unlimited |= 1 << UInt64(need)
        if let known = sources.firstIndex(where: { $0.need == need && $0.source.names == nil }) {
            if source.isOwn, !sources[known].source.isOwn { sources[known].source = source }
        } else {
            sources.append((need, source))
        }
    }

    /// The rules that satisfy a need: one that is unlimited, or all that are limited by names.
    func sources(of need: Int) -> [Source] {
        let all = sources.filter { $0.need == need }.map(\.source)
        return all.first { $0.names == nil }.map { [$0] } ?? all
    }
}

extension AccessPolicy {
    /// Whether the API server itself makes this rule.
    func isOwn(_ rule: EffectiveRule) -> Bool {
        guard case .estate = rule.origin else { return true }
        return (try? BootstrapRoles.holds(rule.rule, in: object(rule.origin))) ?? false
    }
}
