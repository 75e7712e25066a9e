internal import Documents
internal import FoundationEssentials
public import KubernetesClient

/// The authorities in a Secret of the server's own namespace.
///
/// The Secret comes empty with the manifests of `deploy/admission`, so that the server needs no right to create Secrets, which no role can limit
/// to a name. Whoever reads it can speak as the webhook to the API server until the authority is replaced, and as nothing else: the authority
/// certifies only the names of the webhook's Service. Every replica may read it, since every replica signs its own serving certificate:
/// so no serving key is ever written down or shared, and a replica starts without waiting for another.
public struct SecretStore: AuthorityStore {
    public static let name = "demarc-ca"

    private let client: ClusterClient
    private let reference: ObjectReference

    public init(_ client: ClusterClient, namespace: String, name: String = SecretStore.name) {
        self.client = client
        reference = ObjectReference(OwnedResources.secrets, namespace: namespace, name: name)
    }

    private var place: String { "Secret \(reference.namespace ?? "")/\(reference.name)" }

    public func load() async throws -> (state: AuthorityState, version: String?) {
        let object: Value
        do throws(ClusterError) { object = try await client.get(reference) } catch {
            guard error.kind == .notFound else { throw error }
            return (AuthorityState(), nil)
        }
        var record = AuthorityRecord(data: [:])
        for (key, value) in try values(object["data"]) {
            guard let bytes = Data(base64Encoded: value) else { throw CertificateFault("\(place), '\(key)': it is not encoded in base64") }
            record.data[key] = String(decoding: bytes, as: UTF8.self)
        }
        return (try record.state(place: place), try? object["metadata"]["resourceVersion"].string())
    }

    private func values(_ data: Value) throws(CertificateFault) -> [String: String] {
        do { return try data.stringMap() } catch { throw CertificateFault("\(place): its data is no map of texts") }
    }

    /// Only the data changes: whoever has made the Secret finds the labels and annotations there that are theirs.
    public func save(_ state: AuthorityState, over version: String?) async throws -> Bool {
        let data = try AuthorityRecord(state).data.sorted { $0.key < $1.key }.map { entry in
            ManifestText.Entry(entry.key, .text(Data(entry.value.utf8).base64EncodedString()))
        }
        do throws(ClusterError) {
            if let version {
                let object = try await client.get(reference)
                // Written with this version, so that a change between the two requests is a conflict.
                guard object["metadata"]["resourceVersion"].text == version else { return false }
                _ = try await client.replace(manifest(of: object, data), reference)
            } else {
                _ = try await client.create(fresh(data), OwnedResources.secrets, namespace: reference.namespace)
            }
        } catch {
            guard error.kind == .conflict || (version != nil && error.kind == .notFound) else { throw error }
            return false
        }
        return true
    }

    private func fresh(_ data: [ManifestText.Entry]) -> ManifestText {
        .map([
            "apiVersion": .text("v1"), "kind": .text("Secret"), "type": .text("Opaque"), "data": .map(data),
            "metadata": .map([
                "name": .text(reference.name), "namespace": .text(reference.namespace ?? ""), "labels": OwnedResources.labels,
            ]),
        ])
    }

    private func manifest(of object: Value, _ data: [ManifestText.Entry]) -> ManifestText {
        guard case .map(let entries) = ManifestText(object, change: { $0.key == "managedFields" ? .remove : nil }) else { return fresh(data) }
        return .map(entries.filter { $0.key != "data" && $0.key != "stringData" } + [.init("data", .map(data))])
    }
}
