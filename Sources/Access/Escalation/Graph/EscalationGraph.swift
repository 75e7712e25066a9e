import Documents
import Kubernetes

/// Everything somebody may be, hold or control on the way to the cluster, and how one leads to the next.
///
/// Edges go from places to what they give, never from pair to pair: a namespace, a role bound in a scope or the set of all
/// service accounts is a place of its own, so that there are about as many edges as bindings, Pods and service accounts.
struct EscalationGraph: Sendable {
    /// Namespaces are indexes into `namespaces`; `everywhere` stands for all of them.
    enum Place: Hashable, Sendable {
        case cluster
        case subject(Int32)
        /// Pods of one's own in a namespace.
        case ownPods(Int32)
        /// Code in the running Pods of a namespace.
        case runningPods(Int32)
        case listeningPods(Int32)
        case debuggedPods(Int32)
        /// Code in the Pods of one object, an index into the Pods of the estate's facts.
        case pod(Int32)
        case debuggedPod(Int32)
        case accounts(Int32)
        case tokenSecrets(Int32)
        case tokenSecret(Int32)
        case bootstrapToken(Int32)
        case forgedBootstrapToken
        /// The rules of a role, bound in a namespace or in the cluster.
        case rights(role: Int32, namespace: Int32)
        /// The rules of a ClusterRole, bound in each namespace.
        case rightsInNamespaces(Int32)
        case roles(Int32)
        case everyUser
        case everyone
        case node
        case everyNode
        /// The part of a binding that names the subjects the API server gives it, or the part that names others.
        case binding(Int32, isOwn: Bool)
        /// A rule that was added to one of the API server's own roles, by index of the role and the rule, bound in a scope.
        case addedRule(role: Int32, rule: Int32, namespace: Int32)
        /// Several rights of one identity that only together suffice.
        case combination(Int32)

        /// A stage between what an identity is and what its rights lead to: no stop of a path.
        var isStage: Bool {
            switch self {
            case .binding, .addedRule, .combination: true
            default: false
            }
        }
    }

    struct Edge: Sendable {
        let from: Int32
        let to: Int32
        /// Index into `evidence`, -1 for none.
        let evidence: Int32
        /// Index into `Technique.all`; -1 when the edge only says what a place holds, which is no step.
        let technique: Int16
        /// Rests on a binding or rule that the API server does not make itself.
        let isForeign: Bool
    }

    /// What an edge rests on, besides the places it joins.
    enum Evidence: Sendable {
        /// Rules of the role whose rights are the edge's beginning.
        case rules([Int32])
        /// An object of the estate: a Pod, a Secret.
        case object(Int32)
    }

    /// Rights of one identity, by several bindings, that satisfy a technique together.
    struct Combination: Sendable {
        struct Part: Sendable {
            let reason: AccessReason
            /// No other binding of the identity would do in its stead.
            let isIrreplaceable: Bool
            let isOwn: Bool
        }

        let parts: [Part]
    }

    static let everywhere: Int32 = -1
    static let cluster: Int32 = 0

    let policy: AccessPolicy
    let facts: EstateFacts
    /// Those of the policy first, with their indexes there.
    var subjects: [AccessSubject] = []
    var namespaces: [String] = []
    var places: [Place] = [.cluster]
    var edges: [Edge] = []
    var evidence: [Evidence] = []
    var combinations: [Combination] = []
    /// Something was left out, since the estate names too many roles in too many places.
    var isIncomplete = false

    /// The place of a subject.
    func place(ofSubject subject: Int) -> Int32 { Int32(subject) + 1 }

    /// The subject at a place, nil for other places.
    func subject(at place: Int32) -> Int? {
        let index = Int(place) - 1
        return subjects.indices.contains(index) ? index : nil
    }
}

/// Edges in the order in which a search wants them: all that arrive at a place, or all that leave it.
struct EdgeIndex: Sendable {
    private let starts: [Int32]
    private let edges: [Int32]

    init(_ all: [EscalationGraph.Edge], places: Int, by end: (EscalationGraph.Edge) -> Int32) {
        var starts = [Int32](repeating: 0, count: places + 1)
        for edge in all { starts[Int(end(edge)) + 1] += 1 }
        for place in 0..<places { starts[place + 1] += starts[place] }
        var next = starts
        var edges = [Int32](repeating: 0, count: all.count)
        for (index, edge) in all.enumerated() {
            let place = Int(end(edge))
            edges[Int(next[place])] = Int32(index)
            next[place] += 1
        }
        self.starts = starts
        self.edges = edges
    }

    /// Indexes of the edges at a place, in the order they were drawn.
    subscript(_ place: Int32) -> ArraySlice<Int32> { edges[Int(starts[Int(place)])..<Int(starts[Int(place) + 1])] }
}
