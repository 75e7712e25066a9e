import Kubernetes

/// One role that an identity holds in a scope, by one binding.
private struct Holding {
    let subject: Int32
    let binding: Int32
    let role: Int
    let mask: UInt64
    let isOwn: Bool
}

/// What an identity holds of techniques that need several rights.
private struct Holdings {
    var cluster: [Holding] = []
    var namespaces: [Int32: [Holding]] = [:]
}

/// A rule that satisfies one need of a technique, and through which binding.
private struct Source {
    let holding: Holding
    let rule: RoleGrants.Source
}

extension GraphBuilder {
    private static let several: [(technique: Technique, needs: [Int], mask: UInt64)] = Technique.all.enumerated().compactMap { index, technique in
        let needs = NeedTable.shared.needsOfTechniques[index]
        return needs.count > 1 ? (technique, needs, NeedTable.shared.masks[index]) : nil
    }
    private static let relevant = several.reduce(UInt64(0)) { $0 | $1.mask }
    /// Namespaces of a group that are looked at for what a member adds by rights in the whole cluster.
    private static let namespaceLimit = 32
    /// Holdings in one scope whose rules are all limited by names.
    private static let holdingLimit = 64

    /// Draws techniques that several bindings of one identity allow together: `bind` by one, creating bindings by another, be it
    /// one of a group that the API server puts the identity into.
    mutating func drawCombinations() {
        var groups: [Int: Holdings] = [:]
        for index in policy.subjects.indices where policy.subjects[index].kind == .group { groups[index] = holdings(of: index) }
        for (index, subject) in policy.subjects.enumerated() {
            let own = groups[index] ?? holdings(of: index)
            let theirs = subject.impliedGroups.compactMap { policy.subject(.group($0)).flatMap { groups[$0] } }
            combine(Int32(index), own, theirs)
        }
    }

    private mutating func holdings(of subject: Int) -> Holdings {
        var holdings = Holdings()
        for index in policy.bindings(of: subject) {
            let binding = policy.bindings[Int(index)]
            guard let role = binding.role else { continue }
            let scope = namespaceIndex(binding.namespace)
            var mask = grants(ofRole: role).mask & GraphBuilder.relevant
            if scope >= 0 { mask &= ~NeedTable.shared.clusterScoped }
            guard mask != 0 else { continue }
            let holding = Holding(
                subject: Int32(subject), binding: index, role: role, mask: mask, isOwn: isOwn(subject: Int32(subject), ofBinding: Int(index)))
            if scope < 0 { holdings.cluster.append(holding) } else { holdings.namespaces[scope, default: []].append(holding) }
        }
        holdings.cluster = thinned(holdings.cluster)
        for namespace in holdings.namespaces.keys { holdings.namespaces[namespace] = thinned(holdings.namespaces[namespace] ?? []) }
        return holdings
    }

    /// Leaves out holdings that add nothing to those before: each need is given twice without them, so that one that is cut has
    /// another in its stead. An identity with ten thousand bindings is then no more work than one with ten.
    private mutating func thinned(_ holdings: [Holding]) -> [Holding] {
        guard holdings.count > 2 else { return holdings }
        var (once, twice): (UInt64, UInt64) = (0, 0)
        var kept: [Holding] = []
        var ofRole: [Int: Int] = [:]
        for holding in holdings where holding.mask & ~twice != 0 && ofRole[holding.role, default: 0] < 2 {
            if kept.count >= GraphBuilder.holdingLimit {
                graph.isCut = true
                break
            }
            let unlimited = grants(ofRole: holding.role).unlimited & holding.mask
            twice |= once & unlimited
            once |= unlimited
            ofRole[holding.role, default: 0] += 1
            kept.append(holding)
        }
        return kept
    }

    private mutating func combine(_ subject: Int32, _ own: Holdings, _ groups: [Holdings]) {
        let groupRights = groups.flatMap(\.cluster)
        combine(subject, in: EscalationGraph.everywhere, own.cluster, groupRights)
        for namespace in own.namespaces.keys.sorted() {
            let theirs = groupRights + groups.flatMap { $0.namespaces[namespace] ?? [] }
            combine(subject, in: namespace, own.cluster + (own.namespaces[namespace] ?? []), theirs)
        }
        // What a group may do in a namespace, with what its member may do everywhere.
        guard !own.cluster.isEmpty else { return }
        let others = Set(groups.flatMap(\.namespaces.keys)).subtracting(own.namespaces.keys).sorted()
        if others.count > GraphBuilder.namespaceLimit { graph.isCut = true }
        for namespace in others.prefix(GraphBuilder.namespaceLimit) {
            combine(subject, in: namespace, own.cluster, groupRights + groups.flatMap { $0.namespaces[namespace] ?? [] })
        }
    }

    private mutating func combine(_ subject: Int32, in scope: Int32, _ own: [Holding], _ theirs: [Holding]) {
        guard !own.isEmpty else { return }
        let all = own + theirs
        let ownMask = own.reduce(UInt64(0)) { $0 | $1.mask }
        let mask = theirs.reduce(ownMask) { $0 | $1.mask }
        for (technique, needs, wanted) in GraphBuilder.several where wanted & ~mask == 0 && wanted & ownMask != 0 {
            let isRewriting = technique.goal.rewritesOwnRole
            // What one role gives by itself is drawn with the role; where it may rewrite any in the whole cluster, that is all.
            let isDrawn = all.contains { grants(ofRole: $0.role).unlimited & $0.mask & wanted == wanted }
            if isDrawn, !isRewriting || technique.goal.rewritesInWholeCluster && scope < 0 { continue }
            for (sources, names) in combinations(needs, all) {
                guard sources.contains(where: { $0.holding.subject == subject }) else { continue }
                // What counts everywhere is drawn for the whole cluster.
                if scope >= 0, !sources.contains(where: { !policy.bindings[Int($0.holding.binding)].namespace.isEmpty }) { continue }
                let held = Satisfied(scope: scope, names: names)
                if isRewriting {
                    drawRewriting(technique, subject, held, sources, parts(sources, needs, all))
                } else if Set(sources.map(\.holding.binding)).count > 1 {
                    let targets = targets(technique.goal, held, boundTo: nil)
                    draw(technique, subject, parts(sources, needs, all), to: targets)
                }
            }
        }
    }

    /// One rule for each need. Where names limit a need, each rule that satisfies it is tried.
    private mutating func combinations(_ needs: [Int], _ holdings: [Holding]) -> [(sources: [Source], names: ResourceNames?)] {
        var choices: [(sources: [Source], names: ResourceNames?)] = [([], nil)]
        for need in needs {
            var sources: [Source] = []
            // A role that is bound twice gives nothing twice.
            var roles: Set<Int> = []
            for holding in holdings where holding.mask & 1 << UInt64(need) != 0 && roles.insert(holding.role).inserted {
                sources += grants(ofRole: holding.role).sources(of: need).map { Source(holding: holding, rule: $0) }
            }
            if let unlimited = sources.first(where: { $0.rule.names == nil }) { sources = [unlimited] }
            if choices.count * sources.count > GraphBuilder.choiceLimit { graph.isCut = true }
            choices = choices.flatMap { choice in
                sources.prefix(GraphBuilder.choiceLimit / choices.count).compactMap { source in
                    guard let names = ResourceNames.both(choice.names, source.rule.names) else { return nil }
                    return (choice.sources + [source], names.names)
                }
            }
            if choices.isEmpty { return [] }
        }
        return choices
    }

    /// The parts of a combination, one for each need, in the order of the needs.
    private func parts(_ sources: [Source], _ needs: [Int], _ holdings: [Holding]) -> [EscalationGraph.Combination.Part] {
        zip(needs, sources).map { need, source in
            let others = holdings.contains { $0.binding != source.holding.binding && $0.mask & 1 << UInt64(need) != 0 }
            let reason = AccessReason(
                subject: Int(source.holding.subject), binding: Int(source.holding.binding), role: source.holding.role, rule: Int(source.rule.rule))
            return .init(reason: reason, isIrreplaceable: !others, isOwn: source.holding.isOwn && source.rule.isOwn)
        }
    }

    private mutating func draw(
        _ technique: Technique, _ subject: Int32, _ parts: [EscalationGraph.Combination.Part], to targets: [Int32]
    ) {
        guard !targets.isEmpty else { return }
        let index = Int32(graph.combinations.count)
        graph.combinations.append(EscalationGraph.Combination(parts: parts))
        let combination = place(.combination(index))
        let isForeign = parts.contains { !$0.isOwn }
        draw(subject + 1, combination, isForeign: isForeign)
        for target in targets { draw(combination, target, technique, isForeign: isForeign) }
    }

    // MARK: - Roles rewritten

    /// Draws what an identity gains by rewriting roles that it is bound to. Those that a single role covers by itself are drawn
    /// with the role.
    private mutating func drawRewriting(
        _ technique: Technique, _ subject: Int32, _ held: Satisfied, _ sources: [Source], _ parts: [EscalationGraph.Combination.Part]
    ) {
        var drawn: Set<Int32> = []
        let groups = policy.subjects[Int(subject)].impliedGroups.compactMap { policy.subject(.group($0)) }
        for index in ([Int(subject)] + groups).flatMap({ policy.bindings(of: $0) }) {
            let binding = policy.bindings[Int(index)]
            guard let role = binding.role, !sources.contains(where: { $0.holding.role == role }) || Set(sources.map(\.holding.role)).count > 1 else {
                continue
            }
            let scope = namespaceIndex(binding.namespace)
            guard let target = rewriting(technique.goal, policy.roles[role], boundIn: scope, held), drawn.insert(target).inserted else { continue }
            let reason = AccessReason(subject: Int(subject), binding: Int(index), role: role, rule: -1)
            let bound = EscalationGraph.Combination.Part(
                reason: reason, isIrreplaceable: false, isOwn: isOwn(subject: subject, ofBinding: Int(index)))
            draw(technique, subject, parts + [bound], to: [target])
        }
    }
}

extension Technique.Goal {
    var rewritesOwnRole: Bool {
        switch self {
        case .ownClusterRoles, .ownRoles, .ownAggregatedRoles: true
        default: false
        }
    }

    /// Whoever holds this for every name is bound in the whole cluster to a role that it covers.
    var rewritesInWholeCluster: Bool { if case .ownClusterRoles = self { true } else { false } }
}
