/// One way from what somebody holds to more of it. Adding one is adding one value to `Technique.all`.
public struct Technique: Sendable {
    /// Stable, in kebab case: `create-pods`.
    public let id: String
    /// What the attacker does, in the imperative.
    public let title: String
    /// What must hold besides the rights.
    public let condition: String
    /// What it gives.
    public let gives: String
    /// Where Kubernetes says or does so: an address, or a path in its source.
    public let source: String
    public let severity: Severity
    /// All of these, held by one identity in one place. Empty for what follows from a place reached, such as a node.
    let needs: [Need]
    let goal: Goal

    /// How much must come together besides the rights.
    public enum Severity: String, Sendable, CaseIterable, Comparable {
        /// A doubt remains: something outside the estate decides.
        case medium
        /// Something must be as it is in nearly every cluster.
        case high
        /// The rights suffice.
        case critical

        public static func < (one: Self, other: Self) -> Bool { one.rank > other.rank }

        /// 0 for the worst.
        var rank: Int {
            switch self {
            case .critical: 0
            case .high: 1
            case .medium: 2
            }
        }
    }

    init(
        id: String, title: String, condition: String, gives: String, source: String, severity: Severity, needs: [Need] = [], goal: Goal = .follows
    ) {
        self.id = id
        self.title = title
        self.condition = condition
        self.gives = gives
        self.source = source
        self.severity = severity
        self.needs = needs
        self.goal = goal
    }

    /// Where a technique leads from a scope, one namespace or the whole cluster. Names are those that limit its needs.
    enum Goal: Sendable {
        /// It has no needs: the graph draws it between places.
        case follows
        case cluster
        /// Pods of one's own in the scope.
        case ownPods
        /// Code in the running Pods of the scope, or in those named.
        case runningPods
        /// The same, in those that listen to their standard input.
        case listeningPods
        /// The same, with a container of one's own beside theirs.
        case debuggedPods
        /// Every service account of the scope, or those named.
        case accounts
        /// Token Secrets of the scope, or those named.
        case tokenSecrets
        /// Token Secrets wherever they are.
        case everyTokenSecret
        /// Bootstrap tokens of kube-system, those that are there or one of one's own.
        case bootstrapTokens(forged: Bool)
        /// ClusterRoles bound by oneself, those named, or cluster-admin: in the whole cluster or in the namespaces of the scope.
        case clusterRoles(inNamespaces: Bool)
        /// Roles of the namespace, or those named.
        case roles
        /// ClusterRoles rewritten that the identity is bound to already.
        case ownClusterRoles
        /// Roles of the namespace rewritten that the identity is bound to already.
        case ownRoles
        /// ClusterRoles the identity is bound to that gather rules by labels.
        case ownAggregatedRoles
        case users
        case groups
        /// Everyone but members of system:masters.
        case everyone
        /// Code in every Pod of every node.
        case everyRunningPod
        /// Root on every node.
        case everyNode
        /// Root on every node, when Pod Security is all that hinders it in the namespace, and the names hold the namespace.
        case namespaceNodes
        /// Root on every node, when a running Pod of the scope breaks out of its own.
        case nodesOfBreakoutPods
        /// The cluster, in the namespace kube-system with the ConfigMap of EKS.
        case cloudIdentities
    }
}
