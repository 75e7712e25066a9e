public import Kubernetes

/// A way from a subject to control of the cluster.
public struct EscalationPath: Sendable {
    /// The subject's index into the subjects of the analysis.
    public let subject: Int
    public let steps: [EscalationStep]
    /// How many steps the way has; a longer one than reports show has more than `steps`.
    public let length: Int
    /// Of the most demanding technique.
    public let severity: Technique.Severity
    /// What to take away first; nil for ways that rest on what the API server makes itself, which comes back.
    public let cut: EscalationCut?
    /// Everything on the way whose removal leaves the subject no other, nearest to the subject first.
    public let cuts: [EscalationCut]
    /// Other bindings of the subject that lead to the cluster too, so that they must be cut as well; 0 when the cut alone
    /// suffices.
    public let remaining: Int
    /// The way begins with bindings and roles that the API server makes itself.
    public let isInherent: Bool
}

/// One step: somebody uses a technique and is somebody, or somewhere, else.
public struct EscalationStep: Sendable {
    public let from: EscalationPlace
    public let technique: Technique
    public let to: EscalationPlace
    /// What gives the rights, one entry for each need of the technique. None for what follows from a place.
    public let grants: [EscalationGrant]
    /// The object that makes the step possible besides: a Pod, a Secret, a node; an index into the inventory.
    public let object: Int?
}

/// A rule of a role, and the binding through which it counts.
public struct EscalationGrant: Hashable, Sendable {
    /// nil when the attacker makes the binding.
    public let binding: Int?
    public let role: Int
    /// nil when being bound to the role is what counts.
    public let rule: Int?
    /// The part of the binding is one that the API server makes itself.
    public let isOwnBinding: Bool
}

/// What can be taken away.
public enum EscalationCut: Hashable, Sendable {
    /// A binding, or the subjects of it that the API server does not bind itself.
    case binding(Int)
    /// A rule that was added to one of the API server's own roles.
    case rule(role: Int, rule: Int)
}

/// Somebody, or somewhere, on the way. Namespaces are empty where all are meant.
public enum EscalationPlace: Hashable, Sendable, CustomStringConvertible {
    case cluster
    case subject(AccessSubject)
    case ownPods(namespace: String)
    case runningPods(namespace: String)
    /// By index into the objects of the inventory, with its name for people.
    case pod(Int, String)
    case serviceAccounts(namespace: String)
    case tokenSecrets(namespace: String)
    case secret(Int, String)
    case forgedBootstrapToken
    case rights(AccessIndex.Name, namespace: String)
    case rightsInNamespaces(AccessIndex.Name)
    case roles(namespace: String)
    case everyUser
    case everyone
    case node
    case everyNode

    public var description: String {
        switch self {
        case .cluster: "control of the cluster"
        case .subject(let subject): "\(subject)"
        case .ownPods(let namespace): "Pods of one's own in \(EscalationPlace.place(namespace))"
        case .runningPods(let namespace): "the running Pods of \(EscalationPlace.place(namespace))"
        case .pod(_, let name): "the Pods of \(name)"
        case .serviceAccounts(let namespace): "the service accounts of \(EscalationPlace.place(namespace))"
        case .tokenSecrets(let namespace): "the token Secrets of \(EscalationPlace.place(namespace))"
        case .secret(_, let name): name
        case .forgedBootstrapToken: "a bootstrap token of one's own"
        case .rights(let role, let namespace):
            "the rights of \(role.kind) \(role.name)" + (namespace.isEmpty ? "" : " in \(EscalationPlace.place(namespace))")
        case .rightsInNamespaces(let role): "the rights of \(role.kind) \(role.name) in any namespace"
        case .roles(let namespace): "the Roles of \(EscalationPlace.place(namespace))"
        case .everyUser: "any user"
        case .everyone: "any identity outside system:masters"
        case .node: "root on a node"
        case .everyNode: "root on any node"
        }
    }

    private static func place(_ namespace: String) -> String { namespace.isEmpty ? "any namespace" : "namespace \(namespace)" }
}
