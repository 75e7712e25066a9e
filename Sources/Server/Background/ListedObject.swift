public import Controls
public import Documents
public import Kubernetes
public import KubernetesClient

extension KubernetesObject {
    /// An object as a server lists or tells it. What the server says of a kind counts, never what stands in the object; and nothing of a
    /// cluster is a record of a cloud.
    ///
    /// - Parameter source: how reports call the cluster.
    public init(listed root: Value, of resource: Resource, source: String) throws(WrongType) {
        let name = KubernetesObject.sourceName(root, of: resource, source: source)
        try self.init(
            root: root.source == name ? root : root.named(name), apiVersion: resource.apiVersion, kind: resource.kind, defaultNamespace: "")
    }

    /// `cluster/CONTEXT: Pod shop/web`, the place that reports name.
    public static func sourceName(_ root: Value, of resource: Resource, source: String) -> String {
        func text(_ value: Value) -> String { ((try? value.string()) ?? nil) ?? "" }
        let namespace = text(root["metadata"]["namespace"])
        return "\(source): \(resource.kind) \(namespace.isEmpty ? "" : namespace + "/")\(text(root["metadata"]["name"]))"
    }
}

extension ClusterClient {
    /// As reports call the cluster.
    public var sourceName: String { "cluster/\(name)" }
}

extension Gap {
    /// What could not be read of a cluster, with the permission that is missing where one is.
    public init(_ error: ClusterError, source: String) {
        let remedy = error.kind == .forbidden ? " (deploy/scan has the role that a scan needs; -n reads one namespace)" : ""
        self.init(source: source, reason: error.kind == .forbidden ? .notObservable : .unreadable, message: error.description + remedy)
    }
}
