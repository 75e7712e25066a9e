import Kubernetes

/// A way from outside the cluster to a workload, and what policies leave of it.
public struct Entry: Sendable {
    public enum Kind: String, Sendable { case loadBalancer, nodePort, externalIP, hostPort, ingress, gateway }

    /// From where the way can be gone, as far as manifests tell.
    public enum Reach: Int, Sendable, Comparable {
        /// From whoever reaches the nodes' own addresses.
        case nodes
        /// A balancer whose address is decided elsewhere.
        case unknown
        case internet

        public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
    }

    /// Whose connection the workload sees.
    public enum Forwarder: Sendable, Equatable {
        /// The client's own.
        case client
        /// That of these workloads, such as an ingress controller in the estate.
        case workloads([Int])
        /// That of a proxy that is not in the estate.
        case unknown
    }

    public let kind: Kind
    public let reach: Reach
    /// Index of the workload it leads to.
    public let workload: Int
    /// Indexes into the inventory from the outside in: a Gateway, its route, the Service.
    public let path: [Int]
    /// Who is let in before any policy is asked, as source ranges have it.
    public let sources: AddressSet
    public let forwarder: Forwarder
    /// Ports of the workload it leads to, names resolved.
    public let targets: ConnectionSet
    /// What policies let through to the workload, of `targets`.
    public let allowed: ConnectionSet
    /// Whether `allowed` is known. Where the forwarder is not in the estate, it is what policies allow from anyone at all.
    public let isCertain: Bool
}

extension AddressSet {
    /// Addresses that mean something outside an organisation's own network: all but the private, shared, loopback,
    /// link-local and multicast blocks (IANA's special-purpose address registries).
    public static let internet = everything.subtracting(
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3", "::/8",
            "fc00::/7", "fe80::/10", "ff00::/8",
        ].reduce(.empty) { blocks, text in AddressRange(text).map { blocks.union(AddressSet($0)) } ?? blocks })
}
