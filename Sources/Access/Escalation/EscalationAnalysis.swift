public import Documents
public import Kubernetes

/// Who can take over the cluster, in which steps, and what to take away so that they cannot. A class, since controls ask for it
/// at each object.
public final class EscalationAnalysis: EstateAnalysis {
    public let policy: AccessPolicy
    /// Fields that the API server refuses, in objects that were looked at.
    public let faults: [WrongType]
    /// Everybody: those whom bindings name (with their indexes in the policy), service accounts of the estate.
    public let subjects: [AccessSubject]
    /// Subjects with a way that begins with more than the API server makes itself, sorted.
    public let exposed: [Int]
    /// Subjects whose way begins with the API server's own roles and bindings, sorted: components of the platform.
    public let inherent: [Int]
    /// What removing each binding, or each rule added to a default role, takes: subjects that have no way any more. Most first.
    public let savings: [(cut: EscalationCut, subjects: Int)]
    /// The estate holds no Secret, so ways over token Secrets are not seen.
    public let lacksSecrets: Bool
    /// Rights that name too many things in too many places were left out.
    public let isCut: Bool

    let graph: EscalationGraph
    private let leaving: EdgeIndex
    private let search: EscalationSearch
    /// As `search`, over what the API server makes itself.
    private let ownSearch: EscalationSearch
    private let starts: EscalationStarts
    private let dominators: Dominators
    private let rightsIndexes: [EscalationGraph.Place: Int32]
    private let subjectIndexes: [AccessSubject: Int]
    private let running: Set<AccessSubject>

    public init(of inventory: Inventory) {
        let (policy, facts) = (inventory.analysis(AccessPolicy.self), EstateFacts(inventory))
        self.policy = policy
        faults = policy.faults + facts.faults
        lacksSecrets = !facts.holdsSecrets
        var builder = GraphBuilder(policy, facts)
        let graph = builder.build()
        self.graph = graph
        isCut = graph.isCut
        subjects = graph.subjects
        let arriving = EdgeIndex(graph.edges, places: graph.places.count) { $0.to }
        leaving = EdgeIndex(graph.edges, places: graph.places.count) { $0.from }
        search = EscalationSearch(graph, arriving: arriving)
        ownSearch = EscalationSearch(graph, arriving: arriving) { !$0.isForeign }
        dominators = Dominators(graph, arriving: arriving, leaving: leaving)
        starts = EscalationStarts(graph, search, dominators, leaving: leaving)
        var (exposed, inherent): ([Int], [Int]) = ([], [])
        for index in graph.subjects.indices.sorted(by: { graph.subjects[$0] < graph.subjects[$1] }) {
            let place = graph.place(ofSubject: index)
            guard search.reaches(place) else { continue }
            if ownSearch.reaches(place) || starts[place] == nil { inherent.append(index) } else { exposed.append(index) }
        }
        self.exposed = exposed
        self.inherent = inherent
        savings = CutCounting(graph, dominators).count(exposed)
        rightsIndexes = graph.places.indices.reduce(into: [:]) { indexes, place in
            if case .rights = graph.places[place] { indexes[graph.places[place]] = Int32(place) }
        }
        running = Set(facts.pods.map { .account($0.namespace, $0.account) })
        subjectIndexes = Dictionary(uniqueKeysWithValues: graph.subjects.enumerated().map { ($1, $0) })
    }

    /// Index of a subject, nil when neither a binding nor an object names it. Such a one has what its groups have.
    public func subject(_ subject: AccessSubject) -> Int? { subjectIndexes[subject] }

    /// Whether a Pod of the estate, or what makes Pods, runs as a service account.
    public func isRunByPods(_ account: AccessSubject) -> Bool { running.contains(account) }

    /// Whether a subject has a way that somebody other than the API server opened to it.
    public func isExposed(_ subject: Int) -> Bool {
        let place = graph.place(ofSubject: subject)
        return search.reaches(place) && !ownSearch.reaches(place) && starts[place] != nil
    }

    /// The easiest way of a subject, nil when there is none.
    public func path(of subject: Int) -> EscalationPath? {
        let place = graph.place(ofSubject: subject)
        guard search.reaches(place) else { return nil }
        if ownSearch.reaches(place) { return path(of: subject, EscalationWalk(graph, ownSearch, from: subject), isInherent: true) }
        guard let start = starts[place] else { return path(of: subject, EscalationWalk(graph, search, from: subject), isInherent: true) }
        return path(of: subject, EscalationWalk(graph, search, from: subject, leading: start.edges), isInherent: false)
    }

    /// The way of a subject that begins with a binding, nil when none leads from there to the cluster without coming back to
    /// the subject: then it is not this binding that gives it.
    public func path(of subject: Int, through binding: Int) -> EscalationPath? {
        guard isExposed(subject) else { return nil }
        let place = graph.place(ofSubject: subject)
        for index in leaving[place] {
            let part = graph.edges[Int(index)].to
            guard case .binding(Int32(binding), isOwn: false) = graph.places[Int(part)] else { continue }
            guard search.reaches(part), !dominators.dominates(place, part) else { return nil }
            return path(of: subject, EscalationWalk(graph, search, from: subject, leading: [index]), isInherent: false)
        }
        return nil
    }

    private func path(of subject: Int, _ walk: EscalationWalk, isInherent: Bool) -> EscalationPath {
        let place = graph.place(ofSubject: subject)
        var cuts: [EscalationCut] = []
        if !isInherent {
            for candidate in walk.candidates where candidate.suffices && dominators.dominates(candidate.place, place) {
                if !cuts.contains(candidate.cut) { cuts.append(candidate.cut) }
            }
        }
        return EscalationPath(
            subject: subject, steps: walk.steps, length: walk.length, severity: walk.severity,
            cut: isInherent ? nil : cuts.first ?? walk.candidates.first?.cut, cuts: cuts,
            remaining: isInherent || !cuts.isEmpty ? 0 : max(1, ways(of: place) - 1), isInherent: isInherent)
    }

    /// The techniques by which a binding leads to the cluster without the help of others.
    func techniquesToCluster(ofBinding binding: Int) -> [Technique] {
        guard let role = policy.bindings[binding].role else { return [] }
        let namespace = graph.namespaces.firstIndex(of: policy.bindings[binding].namespace).map { Int32($0) } ?? EscalationGraph.everywhere
        guard let rights = rightsIndexes[.rights(role: Int32(role), namespace: namespace)] else { return [] }
        var found: Set<Int16> = []
        for index in leaving[rights] {
            let edge = graph.edges[Int(index)]
            if edge.technique >= 0 {
                if search.reaches(edge.to) { found.insert(edge.technique) }
            } else {
                // A rule that was added to a default role is a place between.
                for next in leaving[edge.to] where search.reaches(graph.edges[Int(next)].to) { found.insert(graph.edges[Int(next)].technique) }
            }
        }
        return found.sorted().filter { $0 >= 0 }.map { Technique.all[Int($0)] }
    }

    /// How many bindings and combinations of an identity, its groups included, lead to the cluster.
    private func ways(of place: Int32) -> Int {
        var seen: Set<Int32> = [place]
        var open = [place]
        var ways = 0
        while let here = open.popLast() {
            for index in leaving[here] {
                let edge = graph.edges[Int(index)]
                guard search.reaches(edge.to), !dominators.dominates(place, edge.to), seen.insert(edge.to).inserted else { continue }
                // Groups that are implied only: their rights are the identity's own.
                if graph.subject(at: edge.to) != nil { open.append(edge.to) } else { ways += 1 }
            }
        }
        return ways
    }
}
