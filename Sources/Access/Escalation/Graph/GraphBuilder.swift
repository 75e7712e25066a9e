import Documents
import Kubernetes

/// Draws the graph of an estate: places as they are first needed, then what follows from each.
struct GraphBuilder {
    typealias Place = EscalationGraph.Place

    var graph: EscalationGraph
    /// What each role gives, nil until somebody asks.
    private var grants: [RoleGrants?]
    var roleTechniques: [Int: [RoleTechnique]] = [:]
    private var placeIndexes: [Place: Int32] = [.cluster: 0]
    /// Places whose outgoing edges are not drawn yet.
    private var open: [Int32] = []
    private var added: [AccessSubject: Int32] = [:]
    /// Subjects that the API server itself binds, by binding; most bindings have none.
    private var ownSubjects: [Int: Set<Int32>] = [:]
    private var namespaceIndexes: [String: Int32] = [:]
    /// The bindings of the identity that was asked for last, by namespace.
    private var bound: (subject: Int32, bindings: [String: [Int32]]) = (-1, [:])
    let lookup: PlaceLookup
    /// Places beyond this number are not drawn; far more than any estate needs whose size is its own.
    static let limit = 4_000_000

    var policy: AccessPolicy { graph.policy }
    var facts: EstateFacts { graph.facts }

    init(_ policy: AccessPolicy, _ facts: EstateFacts) {
        var graph = EscalationGraph(policy: policy, facts: facts)
        grants = Array(repeating: nil, count: policy.roles.count)
        graph.namespaces = GraphBuilder.namespaces(policy, facts)
        namespaceIndexes = Dictionary(uniqueKeysWithValues: graph.namespaces.enumerated().map { ($1, Int32($0)) })
        graph.subjects = policy.subjects
        let others =
            [AccessSubject.group(Requester.mastersGroup)] + facts.accounts.map { .account($0.namespace, $0.name) }
            + graph.namespaces.map { .account($0, "default") }
        for subject in others where policy.subject(subject) == nil && added[subject] == nil {
            added[subject] = Int32(graph.subjects.count)
            graph.subjects.append(subject)
        }
        graph.places += graph.subjects.indices.map { .subject(Int32($0)) }
        lookup = PlaceLookup(graph, namespaceIndexes)
        self.graph = graph
    }

    private static func namespaces(_ policy: AccessPolicy, _ facts: EstateFacts) -> [String] {
        var namespaces = facts.namespaces
        for binding in policy.bindings where !binding.namespace.isEmpty { namespaces.insert(binding.namespace) }
        for subject in policy.subjects where subject.kind == .serviceAccount { namespaces.insert(subject.namespace) }
        for account in facts.accounts { namespaces.insert(account.namespace) }
        return namespaces.sorted()
    }

    mutating func build() -> EscalationGraph {
        drawMemberships()
        drawBindings()
        drainOpenPlaces()
        drawCombinations()
        drainOpenPlaces()
        return graph
    }

    // MARK: - Places and edges

    /// The place, made when it is new. Its outgoing edges are drawn later.
    mutating func place(_ place: Place) -> Int32 {
        if case .subject(let index) = place { return index + 1 }
        if let known = placeIndexes[place] { return known }
        let index = Int32(graph.places.count)
        placeIndexes[place] = index
        graph.places.append(place)
        open.append(index)
        return index
    }

    /// The place of a subject, nil when nobody has heard of it: it has no rights that its groups do not give everyone.
    func place(of subject: AccessSubject) -> Int32? {
        if let known = policy.subject(subject) { return Int32(known) + 1 }
        return added[subject].map { $0 + 1 }
    }

    /// Where a binding or a Role counts: in its namespace, or everywhere when it has none. nil for a namespace nobody listed, and
    /// every namespace of an object is listed.
    func scope(_ namespace: String) -> Int32? { namespace.isEmpty ? EscalationGraph.everywhere : namespaceIndexes[namespace] }

    mutating func draw(_ from: Int32, _ to: Int32, _ technique: Technique? = nil, evidence: Int32 = -1, isForeign: Bool = false) {
        graph.edges.append(
            EscalationGraph.Edge(from: from, to: to, evidence: evidence, technique: technique.map { Int16($0.index) } ?? -1, isForeign: isForeign))
    }

    mutating func evidence(_ evidence: EscalationGraph.Evidence) -> Int32 {
        graph.evidence.append(evidence)
        return Int32(graph.evidence.count - 1)
    }

    mutating func grants(ofRole role: Int) -> RoleGrants {
        if let known = grants[role] { return known }
        let made = RoleGrants(policy.roles[role], in: policy)
        grants[role] = made
        return made
    }

    /// The worklist ends: each place is made once, and there are no more than pairs of roles and namespaces, within the limit.
    private mutating func drainOpenPlaces() {
        while let next = open.popLast() {
            guard graph.places.count < GraphBuilder.limit else {
                graph.isIncomplete = true
                open = []
                return
            }
            follow(graph.places[Int(next)], next)
        }
    }

    // MARK: - Who is who

    /// Groups that follow from what an identity is. Only those that a binding names give anything.
    private mutating func drawMemberships() {
        let masters = AccessSubject.group(Requester.mastersGroup)
        if let place = place(of: masters) { draw(place, EscalationGraph.cluster, .mastersGroup) }
        for (index, subject) in graph.subjects.enumerated() {
            for group in subject.impliedGroups {
                guard let to = policy.subject(.group(group)) else { continue }
                draw(Int32(index) + 1, Int32(to) + 1, .impliedGroup)
            }
        }
    }

    /// Whether the API server itself binds the subject by this binding.
    func isOwn(subject: Int32, ofBinding binding: Int) -> Bool { ownSubjects[binding]?.contains(subject) ?? false }

    /// Bindings of an identity and of the groups it is in by itself, of one namespace or of all.
    mutating func bindings(of subject: Int32, in scope: Int32) -> [Int32] {
        if bound.subject != subject {
            let groups = policy.subjects[Int(subject)].impliedGroups.compactMap { policy.subject(.group($0)) }
            let all = ([Int(subject)] + groups).flatMap { policy.bindings(of: $0) }
            bound = (subject, Dictionary(grouping: all) { policy.bindings[Int($0)].namespace })
        }
        guard scope < 0 else { return bound.bindings[graph.namespaces[Int(scope)]] ?? [] }
        return bound.bindings.values.flatMap { $0 }.sorted()
    }

    private mutating func drawBindings() {
        for (index, binding) in policy.bindings.enumerated() {
            guard let role = binding.role, let scope = scope(binding.namespace), grants(ofRole: role).mask != 0 else { continue }
            let rights = place(.rights(role: Int32(role), namespace: scope))
            let own = policy.ownSubjects(of: binding)
            if !own.isEmpty { ownSubjects[index] = own }
            var drawn: Set<Int32> = []
            for subject in binding.subjects where drawn.insert(subject).inserted {
                let isOwn = own.contains(subject)
                let isNew = placeIndexes[.binding(Int32(index), isOwn: isOwn)] == nil
                let part = place(.binding(Int32(index), isOwn: isOwn))
                if isNew { draw(part, rights, isForeign: !isOwn) }
                draw(subject + 1, part, isForeign: !isOwn)
            }
        }
    }
}

extension AccessSubject {
    /// The groups that the API server puts such an identity into. Members of a group have authenticated, apart from the one
    /// group of those who have not.
    var impliedGroups: [String] {
        switch kind {
        case .serviceAccount: ["system:serviceaccounts:\(namespace)", "system:serviceaccounts", Requester.authenticatedGroup]
        case .user: [name == Requester.anonymous ? Requester.unauthenticatedGroup : Requester.authenticatedGroup]
        case .group:
            switch name {
            case Requester.authenticatedGroup, Requester.unauthenticatedGroup: []
            case _ where name.utf8.starts(with: "system:serviceaccounts:".utf8): ["system:serviceaccounts", Requester.authenticatedGroup]
            default: [Requester.authenticatedGroup]
            }
        }
    }
}

extension AccessPolicy {
    /// The subjects that the API server itself binds by this binding.
    func ownSubjects(of binding: AccessBinding) -> Set<Int32> {
        guard case .estate = binding.origin else { return Set(binding.subjects) }
        let object = object(binding.origin)
        guard BootstrapRoles.mayHold(object), let nodes = try? object.bindingSubjects() else { return [] }
        var own: Set<Int32> = []
        for node in nodes {
            guard (try? BootstrapRoles.holds(node, in: object)) == true, let subject = try? AccessSubject(node, in: object) else { continue }
            if let index = self.subject(subject) { own.insert(Int32(index)) }
        }
        return own
    }
}
