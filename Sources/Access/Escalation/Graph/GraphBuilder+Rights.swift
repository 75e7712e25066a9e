import Kubernetes

/// Rights that satisfy the needs of a technique in one scope.
struct Satisfied {
    /// A namespace, or `everywhere` for the whole cluster.
    let scope: Int32
    /// Names that limit where it leads, nil for none.
    let names: ResourceNames?
}

/// A technique that a role alone allows, in whichever scope it is bound.
struct RoleTechnique: Sendable {
    /// Index into `Technique.all`.
    let technique: Int
    let names: ResourceNames?
    /// Index of the evidence that names the rules.
    let evidence: Int32
    let isForeign: Bool
    /// The rule that was added to one of the API server's own roles, which can be cut by itself.
    let addedRule: Int32?
}

extension GraphBuilder {
    /// Draws the techniques that a role alone allows in a scope.
    mutating func followRights(_ role: Int, _ namespace: Int32, _ from: Int32) {
        let mask = grants(ofRole: role).mask
        let held = namespace < 0 ? mask : mask & ~NeedTable.shared.clusterScoped
        guard held != 0 else { return }
        for known in techniques(ofRole: role) where NeedTable.shared.masks[known.technique] & ~held == 0 {
            let technique = Technique.all[known.technique]
            let targets = targets(technique.goal, Satisfied(scope: namespace, names: known.names), boundTo: role)
            guard !targets.isEmpty else { continue }
            var start = from
            if let rule = known.addedRule {
                start = place(.addedRule(role: Int32(role), rule: rule, namespace: namespace))
                draw(from, start, isForeign: true)
            }
            for target in targets { draw(start, target, technique, evidence: known.evidence, isForeign: known.isForeign) }
        }
    }

    /// What a role alone allows, found once for all its bindings.
    private mutating func techniques(ofRole role: Int) -> [RoleTechnique] {
        if let known = roleTechniques[role] { return known }
        let grants = grants(ofRole: role)
        let isDefault = BootstrapRoles.contains(policy.roles[role].name)
        var found: [RoleTechnique] = []
        for (index, mask) in NeedTable.shared.masks.enumerated() where mask != 0 && mask & ~grants.mask == 0 {
            for (sources, names) in choices(NeedTable.shared.needsOfTechniques[index], grants) {
                let added = sources.first { !$0.isOwn }
                found.append(
                    RoleTechnique(
                        technique: index, names: names, evidence: evidence(.rules(Set(sources.map(\.rule)).sorted())), isForeign: added != nil,
                        addedRule: isDefault ? added?.rule : nil))
            }
        }
        roleTechniques[role] = found
        return found
    }

    /// One rule for each need, with the names that limit them together. A need that several rules satisfy, each for other
    /// names, gives several choices.
    private mutating func choices(_ needs: [Int], _ grants: RoleGrants) -> [(sources: [RoleGrants.Source], names: ResourceNames?)] {
        var choices: [(sources: [RoleGrants.Source], names: ResourceNames?)] = [([], nil)]
        for need in needs {
            let sources = grants.sources(of: need)
            // Rules that differ in names only multiply where two needs are limited; in practice one rule allows both.
            if choices.count * sources.count > GraphBuilder.choiceLimit { graph.isIncomplete = true }
            choices = choices.flatMap { choice in
                sources.prefix(GraphBuilder.choiceLimit / choices.count).compactMap { source in
                    guard let names = ResourceNames.both(choice.names, source.names) else { return nil }
                    return (choice.sources + [source], names.names)
                }
            }
            if choices.isEmpty { return [] }
        }
        return choices
    }

    static let choiceLimit = 512

    // MARK: - Where a technique leads

    /// The places a goal means in a scope.
    /// - Parameter role: a role that the identity is certainly bound to in this scope, for goals that rewrite one.
    mutating func targets(_ goal: Technique.Goal, _ held: Satisfied, boundTo role: Int?) -> [Int32] {
        let scope = held.scope
        switch goal {
        case .follows: return []
        case .cluster: return [EscalationGraph.cluster]
        case .ownPods: return [place(.ownPods(scope))]
        case .runningPods, .listeningPods, .debuggedPods: return pods(goal, held)
        case .accounts: return held.names.map { lookup.accounts.named($0, in: scope).map { $0 + 1 } } ?? [place(.accounts(scope))]
        case .tokenSecrets, .everyTokenSecret, .bootstrapTokens: return tokens(goal, held)
        case .clusterRoles, .roles, .ownClusterRoles, .ownRoles, .ownAggregatedRoles: return roles(goal, held, boundTo: role)
        case .users: return held.names.map(users) ?? [place(.everyUser)]
        case .groups:
            guard let names = held.names else { return [place(of: .group(Requester.mastersGroup)) ?? EscalationGraph.cluster] }
            return names.list.compactMap { place(of: .group($0)) }
        case .everyone: return [place(.everyone)]
        case .everyRunningPod: return [place(.runningPods(EscalationGraph.everywhere))]
        case .everyNode: return [place(.everyNode)]
        case .namespaceNodes:
            let name = scope < 0 ? nil : graph.namespaces[Int(scope)]
            let isCovered = held.names.map { names in name.map(names.contains) ?? true } ?? true
            return isCovered ? [place(.everyNode)] : []
        case .nodesOfBreakoutPods:
            return lookup.pods.all(in: scope).contains { facts.pods[Int($0)].breaksOut } ? [place(.everyNode)] : []
        case .cloudIdentities:
            return facts.cloudIdentities != nil && isInSystemNamespace(scope) ? [EscalationGraph.cluster] : []
        }
    }

    /// The whole cluster, or kube-system.
    private func isInSystemNamespace(_ scope: Int32) -> Bool { scope < 0 || graph.namespaces[Int(scope)] == "kube-system" }

    /// Users that are called like service accounts are impersonated by another right.
    private func users(_ names: ResourceNames) -> [Int32] {
        names.list.compactMap { ServiceAccountName(user: $0) == nil ? place(of: .user($0)) : nil }
    }

    private mutating func pods(_ goal: Technique.Goal, _ held: Satisfied) -> [Int32] {
        guard let names = held.names else {
            switch goal {
            case .listeningPods: return [place(.listeningPods(held.scope))]
            case .debuggedPods: return [place(.debuggedPods(held.scope))]
            default: return [place(.runningPods(held.scope))]
            }
        }
        var found: [Int32] = []
        for pod in lookup.pods(named: names, in: held.scope) {
            switch goal {
            case .listeningPods: if facts.pods[Int(pod)].listens { found.append(place(.pod(pod))) }
            case .debuggedPods: found.append(place(.debuggedPod(pod)))
            default: found.append(place(.pod(pod)))
            }
        }
        return found
    }

    private mutating func tokens(_ goal: Technique.Goal, _ held: Satisfied) -> [Int32] {
        switch goal {
        case .tokenSecrets:
            if let names = held.names { return lookup.tokenSecrets.named(names, in: held.scope).map { place(.tokenSecret($0)) } }
            return facts.tokenSecrets.isEmpty ? [] : [place(.tokenSecrets(held.scope))]
        case .everyTokenSecret: return facts.tokenSecrets.isEmpty ? [] : [place(.tokenSecrets(EscalationGraph.everywhere))]
        case .bootstrapTokens(let isForged):
            guard isInSystemNamespace(held.scope) else { return [] }
            if isForged { return [place(.forgedBootstrapToken)] }
            var found: [Int32] = []
            for (index, token) in facts.bootstrapTokens.enumerated() where held.names?.contains(token.name) ?? true {
                found.append(place(.bootstrapToken(Int32(index))))
            }
            return found
        default: return []
        }
    }

    // MARK: - Roles

    private mutating func roles(_ goal: Technique.Goal, _ held: Satisfied, boundTo role: Int?) -> [Int32] {
        let scope = held.scope
        switch goal {
        case .clusterRoles(let inNamespaces): return clusterRoles(held, inNamespaces: inNamespaces)
        case .roles:
            guard let names = held.names else { return [place(.roles(scope))] }
            return lookup.roles.named(names, in: scope).compactMap { role in
                guard grants(ofRole: Int(role)).mask != 0, let own = self.scope(policy.roles[Int(role)].name.namespace) else { return nil }
                return place(.rights(role: role, namespace: own))
            }
        case .ownClusterRoles, .ownRoles, .ownAggregatedRoles:
            guard let role, let right = rewriting(goal, policy.roles[role], boundIn: scope, held) else { return [] }
            return [right]
        default: return []
        }
    }

    /// What rewriting a role gives whoever is bound to it in a namespace, or in the cluster; nil when the right does not cover
    /// this role.
    mutating func rewriting(_ goal: Technique.Goal, _ role: EffectiveRole, boundIn namespace: Int32, _ held: Satisfied) -> Int32? {
        let isCovered: Bool
        switch goal {
        case .ownClusterRoles: isCovered = role.name.kind == "ClusterRole" && held.names?.contains(role.name.name) ?? true
        case .ownAggregatedRoles: isCovered = role.isAggregated
        case .ownRoles:
            let isInScope = held.scope < 0 || held.scope == namespace
            isCovered = role.name.kind == "Role" && isInScope && held.names?.contains(role.name.name) ?? true
        default: isCovered = false
        }
        guard isCovered else { return nil }
        return namespace < 0 ? EscalationGraph.cluster : everyRight(in: namespace)
    }

    private mutating func clusterRoles(_ held: Satisfied, inNamespaces: Bool) -> [Int32] {
        guard let names = held.names else {
            guard inNamespaces else { return [EscalationGraph.cluster] }
            return [held.scope < 0 ? everyRightInNamespaces() : everyRight(in: held.scope)]
        }
        var found: [Int32] = []
        for name in names.list {
            guard let role = policy.role(.init(kind: "ClusterRole", name: name)), grants(ofRole: role).mask != 0 else { continue }
            let role32 = Int32(role)
            let isEach = inNamespaces && held.scope < 0
            found.append(place(isEach ? .rightsInNamespaces(role32) : .rights(role: role32, namespace: held.scope)))
        }
        return found
    }

    /// The rights of cluster-admin in a namespace. Where even that role is missing, Pods of one's own are what counts of them.
    mutating func everyRight(in namespace: Int32) -> Int32 {
        guard let role = policy.role(.init(kind: "ClusterRole", name: "cluster-admin")) else { return place(.ownPods(namespace)) }
        return place(.rights(role: Int32(role), namespace: namespace))
    }

    private mutating func everyRightInNamespaces() -> Int32 {
        guard let role = policy.role(.init(kind: "ClusterRole", name: "cluster-admin")) else { return place(.ownPods(EscalationGraph.everywhere)) }
        return place(.rightsInNamespaces(Int32(role)))
    }
}

extension ResourceNames {
    /// What two limits leave together; nil when nothing is left.
    static func both(_ one: ResourceNames?, _ other: ResourceNames?) -> (names: ResourceNames?, Void)? {
        guard let one, let other else { return (one ?? other, ()) }
        let shared = one.intersection(other)
        return shared.list.isEmpty ? nil : (shared, ())
    }
}
