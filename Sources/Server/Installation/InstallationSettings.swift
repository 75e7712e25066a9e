public import Kubernetes

/// What the installation of one server in one cluster is made of.
public struct InstallationSettings: Sendable {
    /// Where API servers reach the webhook.
    public enum Endpoint: Sendable, Hashable {
        /// A Service of the server's own namespace.
        case service(name: String, port: Int64)
        /// `https://` with host and port: for a server outside of the cluster.
        case url(String)
    }

    /// The server's own namespace.
    public var namespace: String
    public var endpoint: Endpoint
    /// The version of the API server, which decides what can be asked of it.
    public var version: KubernetesVersion
    /// Namespaces beside the server's own whose objects are never reviewed. By their exact names: with a pattern, whoever may create a
    /// namespace could choose to be exempt.
    public var systemNamespaces: [String]
    /// An object outside namespaces that comes and goes with the manifests: the configurations go with it, however the server was removed.
    public var ownerRole: String?
    /// Checks within the API server, for when no replica answers; nil installs none.
    public var fallback: AdmissionPolicySet.Action?

    public init(
        namespace: String, endpoint: Endpoint, version: KubernetesVersion, systemNamespaces: [String], ownerRole: String? = nil,
        fallback: AdmissionPolicySet.Action? = nil
    ) {
        (self.namespace, self.endpoint, self.version) = (namespace, endpoint, version)
        (self.systemNamespaces, self.ownerRole, self.fallback) = (systemNamespaces, ownerRole, fallback)
    }

    /// What a cluster needs to boot and to work, whatever the model says.
    static let alwaysExempt = ["kube-system", "kube-node-lease", "kube-public"]

    /// Every namespace that is never reviewed, sorted.
    public var exemptNamespaces: [String] { Set(Self.alwaysExempt + systemNamespaces + [namespace]).sorted() }

    /// Since 1.21 the server sets `kubernetes.io/metadata.name` itself, and nobody else can (KEP 2161).
    var namespacesNameThemselves: Bool { version >= KubernetesVersion(1, 21) }
    /// Beta and on in 1.28 (KEP 3716).
    var hasMatchConditions: Bool { version >= KubernetesVersion(1, 28) }
    /// ValidatingAdmissionPolicy v1 since 1.30 (KEP 3488).
    public var hasAdmissionPolicies: Bool { version >= KubernetesVersion(1, 30) }
}
