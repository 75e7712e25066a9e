internal import Documents
public import KubernetesClient
public import Ledger

/// A ConfigMap: readable for whoever may read it in the cluster, and in the backups of etcd. Best one in another cluster than the
/// ledger's, for an administrator of the same cluster can change both.
public struct ConfigMapPlace: CheckpointPlace {
    /// The entry that holds it.
    static let key: StaticString = "checkpoint"

    private let client: ClusterClient
    private let reference: ObjectReference

    public init(_ client: ClusterClient, namespace: String, name: String) {
        self.client = client
        reference = ObjectReference(OwnedResources.configMaps, namespace: namespace, name: name)
    }

    public var name: String { "ConfigMap \(reference.namespace ?? "")/\(reference.name)" }

    public func read() async throws(PublishingFault) -> PlacedCheckpoint {
        guard let object = try await object() else { return PlacedCheckpoint() }
        let version = object["metadata"]["resourceVersion"].text
        let text: String?
        do { text = try object["data"][Self.key].string() } catch {
            throw PublishingFault(.contradiction, "\(name): '\(Self.key)' is no text; find out who wrote it")
        }
        guard let text else { return PlacedCheckpoint(version: version) }
        return try PlacedCheckpoint(text: text, version: version, in: name)
    }

    /// Only its own entry changes: others of the same ConfigMap, labels and annotations stay.
    public func write(_ checkpoint: SignedCheckpoint, over placed: PlacedCheckpoint) async throws(PublishingFault) -> Bool {
        let entry = ManifestText.Entry("\(Self.key)", .text(checkpoint.description))
        do throws(ClusterError) {
            if let version = placed.version {
                let object = try await client.get(reference)
                // Written with this version, so that a change between the two requests is a conflict.
                guard object["metadata"]["resourceVersion"].text == version else { return false }
                _ = try await client.replace(Self.manifest(of: object, entry), reference)
            } else {
                _ = try await client.create(fresh(entry), OwnedResources.configMaps, namespace: reference.namespace)
            }
        } catch {
            guard error.kind == .conflict || (placed.version != nil && error.kind == .notFound) else { throw fault(error) }
            return false
        }
        return true
    }

    private func object() async throws(PublishingFault) -> Value? {
        do throws(ClusterError) { return try await client.get(reference) } catch {
            guard error.kind == .notFound else { throw fault(error) }
            return nil
        }
    }

    private func fault(_ error: ClusterError) -> PublishingFault { PublishingFault(.unreachable, "\(name): \(error)") }

    private func fresh(_ entry: ManifestText.Entry) -> ManifestText {
        .map([
            "apiVersion": .text("v1"), "kind": .text("ConfigMap"), "data": .map([entry]),
            "metadata": .map([
                "name": .text(reference.name), "namespace": .text(reference.namespace ?? ""), "labels": OwnedResources.labels,
            ]),
        ])
    }

    private static func manifest(of object: Value, _ entry: ManifestText.Entry) -> ManifestText {
        guard case .map(let fields) = ManifestText(object, change: { $0.key == "managedFields" ? .remove : nil }) else { return .map([entry]) }
        var others: [ManifestText.Entry] = []
        if case .map(let data)? = fields.first(where: { $0.key == "data" })?.value { others = data.filter { $0.key != "\(key)" } }
        return .map(fields.filter { $0.key != "data" } + [.init("data", .map(others + [entry]))])
    }
}
