public import Controls

/// The part of an estate an object belongs to, as far as its kind and namespace tell.
public enum Plane: String, Sendable, CaseIterable {
    /// Configuration of API server, scheduler, controllers.
    case controlPlane
    /// Machines, kubelets, what runs beside Pods.
    case node
    /// Namespaces the platform keeps for itself.
    case systemNamespaces
    case tenantNamespaces
    /// Objects without a namespace: ClusterRoles, webhooks, StorageClasses.
    case cluster

    /// For the chain of an attribution.
    public var noun: String {
        switch self {
        case .controlPlane: "the control plane"
        case .node: "a node"
        case .systemNamespaces: "a system namespace"
        case .tenantNamespaces: "a tenant namespace"
        case .cluster: "an object outside namespaces"
        }
    }
}

/// Who answers on each plane when nothing better is known. Always a presumption: in most clusters a
/// customer can write into system namespaces too.
public struct Planes: Sendable, Equatable {
    public let controlPlane: Party
    public let node: Party
    public let systemNamespaces: Party
    /// Names of the system namespaces.
    public let systemNames: [Pattern]
    public let tenantNamespaces: Party
    public let cluster: Party

    public init(
        controlPlane: Party = .customer, node: Party = .customer, systemNamespaces: Party = .customer, systemNames: [Pattern] = [],
        tenantNamespaces: Party = .customer, cluster: Party = .customer
    ) {
        self.controlPlane = controlPlane
        self.node = node
        self.systemNamespaces = systemNamespaces
        self.systemNames = systemNames
        self.tenantNamespaces = tenantNamespaces
        self.cluster = cluster
    }

    public func party(of plane: Plane) -> Party {
        switch plane {
        case .controlPlane: controlPlane
        case .node: node
        case .systemNamespaces: systemNamespaces
        case .tenantNamespaces: tenantNamespaces
        case .cluster: cluster
        }
    }

    public func isSystem(namespace: String) -> Bool { systemNames.contains { $0.matches(namespace) } }

    /// Where an object belongs.
    public func plane(apiVersion: String, kind: String, namespace: String, name: String) -> Plane {
        switch kind {
        case "Node", "NodeEvidence", "KubeletConfiguration", "KubeProxyConfiguration": return .node
        case "EncryptionConfiguration", "AdmissionConfiguration", "AuthenticationConfiguration", "AuthorizationConfiguration",
            "KubeSchedulerConfiguration", "ClusterConfiguration", "EgressSelectorConfiguration":
            return .controlPlane
        case "Policy" where apiVersion.hasPrefix("audit.k8s.io/"): return .controlPlane
        case "Namespace": return isSystem(namespace: name) ? .systemNamespaces : .cluster
        default:
            if namespace.isEmpty { return .cluster }
            return isSystem(namespace: namespace) ? .systemNamespaces : .tenantNamespaces
        }
    }
}
