import Kubernetes

/// Puts the steps of a way together, from the edges that a search found.
struct EscalationWalk {
    /// As many steps as a report shows; a chain of ten thousand service accounts would be no help to anybody.
    static let limit = 48

    /// A place of the way where something can be taken away.
    struct Candidate {
        let place: Int32
        let cut: EscalationCut
        /// Taking it away removes the whole place.
        let suffices: Bool
    }

    private(set) var steps: [EscalationStep] = []
    private(set) var candidates: [Candidate] = []
    private(set) var severity = Technique.Severity.critical
    /// Steps of the whole way, those beyond the limit included.
    private(set) var length = 0

    private let graph: EscalationGraph

    /// - Parameter leading: the edges the way begins with, from the subject on; then it goes on as the search found it.
    init(_ graph: EscalationGraph, _ search: EscalationSearch, from subject: Int, leading: [Int32] = []) {
        self.graph = graph
        var here = graph.place(ofSubject: subject)
        var from = EscalationPlace.subject(graph.subjects[subject])
        var binding: (index: Int, isOwn: Bool)?
        var leading = leading[...]
        func edge(after place: Int32) -> EscalationGraph.Edge? {
            let index = leading.first ?? search.next[Int(place)]
            return index < 0 ? nil : graph.edges[Int(index)]
        }
        // A way passes no place twice, so this ends; the limit is for those who read it.
        while steps.count < EscalationWalk.limit, let edge = edge(after: here) {
            leading = leading.dropFirst()
            note(here, &binding)
            guard edge.technique >= 0 else {
                here = edge.to
                continue
            }
            let technique = Technique.all[Int(edge.technique)]
            if technique.severity.rank > severity.rank { severity = technique.severity }
            let grants = grants(edge, binding)
            var (to, object) = (edge.to, self.object(edge))
            while let next = self.edge(next: to, leading, search), next.technique < 0, !graph.places[Int(next.to)].isStage {
                object = self.object(next) ?? object
                to = next.to
            }
            let place = describe(to)
            steps.append(EscalationStep(from: from, technique: technique, to: place, grants: grants, object: object))
            (from, here, binding) = (place, to, nil)
        }
        length = steps.count + (here == EscalationGraph.cluster ? 0 : Int(search.steps[Int(here)]))
    }

    /// The edge by which the way leaves a place, nil at its end and where a leading edge says so.
    private func edge(next place: Int32, _ leading: ArraySlice<Int32>, _ search: EscalationSearch) -> EscalationGraph.Edge? {
        guard leading.isEmpty, search.next[Int(place)] >= 0 else { return nil }
        return graph.edges[Int(search.next[Int(place)])]
    }

    /// Remembers what a place says about rights.
    private mutating func note(_ place: Int32, _ binding: inout (index: Int, isOwn: Bool)?) {
        switch graph.places[Int(place)] {
        case .binding(let index, let isOwn):
            binding = (Int(index), isOwn)
            if !isOwn { candidates.append(Candidate(place: place, cut: .binding(Int(index)), suffices: true)) }
        case .addedRule(let role, let rule, _):
            candidates.append(Candidate(place: place, cut: .rule(role: Int(role), rule: Int(rule)), suffices: true))
        case .combination(let index):
            for part in graph.combinations[Int(index)].parts where !part.isOwn {
                candidates.append(Candidate(place: place, cut: .binding(part.reason.binding), suffices: part.isIrreplaceable))
            }
        default: break
        }
    }

    private func grants(_ edge: EscalationGraph.Edge, _ binding: (index: Int, isOwn: Bool)?) -> [EscalationGrant] {
        switch graph.places[Int(edge.from)] {
        case .rights(let role, _), .addedRule(let role, _, _):
            guard edge.evidence >= 0, case .rules(let rules) = graph.evidence[Int(edge.evidence)] else { return [] }
            return rules.map {
                EscalationGrant(binding: binding?.index, role: Int(role), rule: Int($0), isOwnBinding: binding?.isOwn ?? false)
            }
        case .combination(let index):
            return graph.combinations[Int(index)].parts.map { part in
                EscalationGrant(
                    binding: part.reason.binding, role: part.reason.role, rule: part.reason.rule < 0 ? nil : part.reason.rule,
                    isOwnBinding: part.isOwn)
            }
        default: return []
        }
    }

    private func object(_ edge: EscalationGraph.Edge) -> Int? {
        guard edge.evidence >= 0, case .object(let index) = graph.evidence[Int(edge.evidence)] else { return nil }
        return Int(index)
    }

    private func describe(_ place: Int32) -> EscalationPlace {
        func namespace(_ index: Int32) -> String { index < 0 ? "" : graph.namespaces[Int(index)] }
        func pod(_ index: Int32) -> EscalationPlace {
            let object = graph.facts.pods[Int(index)].object
            return .pod(Int(object), graph.policy.object(.estate(Int(object))).displayName)
        }
        func secret(_ object: Int32) -> EscalationPlace { .secret(Int(object), graph.policy.object(.estate(Int(object))).displayName) }
        switch graph.places[Int(place)] {
        case .cluster, .binding, .addedRule, .combination: return .cluster
        case .subject(let index): return .subject(graph.subjects[Int(index)])
        case .ownPods(let index): return .ownPods(namespace: namespace(index))
        case .runningPods(let index), .listeningPods(let index), .debuggedPods(let index): return .runningPods(namespace: namespace(index))
        case .pod(let index), .debuggedPod(let index): return pod(index)
        case .accounts(let index): return .serviceAccounts(namespace: namespace(index))
        case .tokenSecrets(let index): return .tokenSecrets(namespace: namespace(index))
        case .tokenSecret(let index): return secret(graph.facts.tokenSecrets[Int(index)].object)
        case .bootstrapToken(let index): return secret(graph.facts.bootstrapTokens[Int(index)].object)
        case .forgedBootstrapToken: return .forgedBootstrapToken
        case .rights(let role, let index): return .rights(graph.policy.roles[Int(role)].name, namespace: namespace(index))
        case .rightsInNamespaces(let role): return .rightsInNamespaces(graph.policy.roles[Int(role)].name)
        case .roles(let index): return .roles(namespace: namespace(index))
        case .everyUser: return .everyUser
        case .everyone: return .everyone
        case .node: return .node
        case .everyNode: return .everyNode
        }
    }
}
