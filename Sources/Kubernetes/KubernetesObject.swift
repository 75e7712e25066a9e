public import Documents

/// One object of the API, as written. Identity is read once; everything else stays in the document tree.
public struct KubernetesObject: Sendable {
    public let root: Value
    public let apiVersion: String
    public let kind: String
    /// Empty for kinds that have no namespace.
    public let namespace: String
    /// `metadata.name`, or `metadata.generateName` followed by `*`.
    public let name: String
    /// The Pod this object is or makes, nil for kinds that make none.
    public let pod: PodSpec?
    /// The cloud whose own record this is, nil for all that was written as an object of the API. Anybody may write an object
    /// of the same kind; it is no record.
    public let cloud: Cloud?

    public init(root: Value, apiVersion: String, kind: String, defaultNamespace: String = "default") throws(WrongType) {
        self.root = root
        self.apiVersion = apiVersion
        self.kind = kind
        let metadata = root["metadata"]
        let namespace = try metadata["namespace"].string() ?? ""
        self.namespace = isClusterScoped(kind: kind, apiVersion: apiVersion) ? "" : namespace.isEmpty ? defaultNamespace : namespace
        if kind == KubernetesObject.nodeEvidenceKind, let node = try root["nodeName"].string() {
            self.name = node
        } else if let name = try metadata["name"].string() {
            self.name = name
        } else {
            self.name = try metadata["generateName"].string().map { $0 + "*" } ?? ""
        }
        pod = PodSpec(of: root, apiVersion: apiVersion, kind: kind)
        cloud = nil
    }

    /// What a cloud's API says of something of its own.
    init(record root: Value, of cloud: Cloud, kind: String, name: String) {
        self.root = root
        apiVersion = cloud.apiVersion
        self.kind = kind
        namespace = ""
        self.name = name
        pod = nil
        self.cloud = cloud
    }

    public var metadata: Value { root["metadata"] }
    public var spec: Value { root["spec"] }
    public var annotations: Value { root["metadata"]["annotations"] }
    public var labels: Value { root["metadata"]["labels"] }

    /// The API group, empty for the core group.
    public var group: String { apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(apiVersion[..<$0]) } ?? "" }

    /// `Deployment shop/web`, `ClusterRole admin`.
    public var displayName: String { "\(kind) \(namespace.isEmpty ? "" : namespace + "/")\(name.isEmpty ? "(unnamed)" : name)" }
}

/// Whether objects of this kind live outside namespaces. Custom kinds are taken as namespaced.
func isClusterScoped(kind: String, apiVersion: String) -> Bool {
    clusterScopedKinds.contains(kind)
}

private let clusterScopedKinds: Set<String> = Set(
    ServedResource.builtIn.lazy.filter { $0.isClusterScoped && $0.standing != .virtual }.map(\.kind)
).union([
    // Of others, but met in most estates.
    "GatewayClass", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy", "VolumeSnapshotClass", "ResponsibilityModel",
    "ClusterPolicyReport", "ClusterReport", "PodNetworking", KubernetesObject.nodeEvidenceKind,
])
