public import Documents
import Kubernetes

/// Where a policy stands among the others.
public enum PolicyTier: Int, Sendable, Comparable {
    /// AdminNetworkPolicy, and ClusterNetworkPolicy of the tier `Admin`.
    case admin
    /// NetworkPolicy.
    case namespace
    /// BaselineAdminNetworkPolicy, and ClusterNetworkPolicy of the tier `Baseline`.
    case baseline

    public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

/// A policy of whichever kind, as far as it decides about connections.
struct Policy {
    /// Index into the inventory.
    let object: Int
    let tier: PolicyTier
    /// Lower is asked first; 0 for NetworkPolicies, whose order is of no meaning.
    let priority: Int64
    let subject: PodSelection
    /// nil when the policy says nothing about this direction.
    let ingress: [NetworkRule]?
    let egress: [NetworkRule]?

    /// Whether some rule names the address block of a family, for lists that show only families somebody named.
    func names(_ family: AddressFamily, _ direction: Direction) -> Bool {
        rules(direction)?.contains { $0.peers?.contains { $0.names(family) } ?? false } ?? false
    }

    func rules(_ direction: Direction) -> [NetworkRule]? { direction == .ingress ? ingress : egress }
}

public enum Direction: String, Sendable, CaseIterable { case ingress, egress }

enum AddressFamily { case v4, v6 }

/// One rule of a policy: connections with these peers on these ports get this verdict.
struct NetworkRule {
    let action: PolicyAction
    /// nil stands for everything, whatever its address.
    let peers: [Peer]?
    let ports: PortMatch
    /// The rule in its document.
    let place: Value
}

/// The other end of the connections a rule is about.
enum Peer {
    case pods(PodSelection)
    /// A block of addresses.
    ///
    /// - Parameter matchesPods: whether Pods are looked at by their address too. `networks` of cluster policies say so;
    ///   `ipBlock` is for addresses outside the cluster, and network plugins differ where it covers Pods.
    case addresses(AddressSet, matchesPods: Bool)
    /// The addresses of these nodes.
    case nodes(LabelSelector)
    /// Names whose addresses only DNS knows.
    case domainNames

    func names(_ family: AddressFamily) -> Bool {
        guard case .addresses(let set, _) = self else { return false }
        return family == .v4 ? !set.v4.isEmpty : !set.v6.isEmpty
    }
}

/// Pods by their namespace and their labels.
struct PodSelection: Hashable {
    enum Namespaces: Hashable {
        case named(String)
        case labelled(LabelSelector)
    }

    let namespaces: Namespaces
    let pods: LabelSelector
}

/// The ports a rule is about: numbers, and names that each destination resolves for itself.
struct PortMatch: Hashable {
    struct Name: Hashable {
        let name: String
        /// nil takes the protocol of whichever port has the name.
        let `protocol`: TransportProtocol?
    }

    var numbers: ConnectionSet
    var names: [Name] = []

    static let all = PortMatch(numbers: .all)
}

/// Something that could not be judged, and why.
public struct ReachabilityGap: Sendable {
    public enum Reason: Sendable { case wrongType, unreadKind, duplicateObject, undefined, notObservable }

    public let place: Value
    public let reason: Reason
    /// What, and what of it; the place is said beside it.
    public let message: String

    init(_ place: Value, _ reason: Reason, _ message: String) {
        self.place = place
        self.reason = reason
        self.message = message
    }

    init(_ error: WrongType) {
        let path = error.value.fieldPath
        self.init(
            error.value, .wrongType,
            "\(path.isEmpty ? "the document" : path) should be \(error.expected); the API server refuses it, so it was not judged")
    }
}
