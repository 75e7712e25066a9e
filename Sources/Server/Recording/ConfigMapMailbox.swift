internal import Documents
public import KubernetesClient
public import Ledger
internal import Responsibility

/// A ConfigMap in which replicas leave what they decided for the one that keeps the ledger. It goes the way that everything of theirs goes, through
/// the API server: no replica needs to find another, and what one left is there when it is gone.
public struct ConfigMapMailbox: RecordMailbox {
    public static let name = "demarc-records"
    /// etcd takes 1.5 MiB an object; whoever fills it half must not keep anybody from emptying it.
    private static let limit = 512 << 10

    private let client: ClusterClient
    private let reference: ObjectReference
    /// Begins the name of each letter; different for each run of each replica.
    private let sender: String

    public init(_ client: ClusterClient, namespace: String, sender: String) {
        self.client = client
        reference = ObjectReference(OwnedResources.configMaps, namespace: namespace, name: Self.name)
        // What the key of a ConfigMap may hold.
        self.sender = String(sender.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }.prefix(200))
    }

    public func post(_ entries: [Entry]) async throws -> Bool {
        guard !entries.isEmpty else { return true }
        let letter = entries.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "\n")
        let key = "\(sender).\(Digest.sha256(Array(letter.utf8)).dropFirst("sha256:".count).prefix(16))"
        let there = try await letters()
        guard let there else {
            let manifest = ManifestText.map([
                "apiVersion": .text("v1"), "kind": .text("ConfigMap"), "data": .map([.init(key, .text(letter))]),
                "metadata": .map(["name": .text(reference.name), "namespace": .text(reference.namespace ?? ""), "labels": OwnedResources.labels]),
            ])
            _ = try await client.create(manifest, OwnedResources.configMaps, namespace: reference.namespace)
            return true
        }
        guard there.reduce(letter.utf8.count, { $0 + $1.text.utf8.count }) <= Self.limit else { return false }
        try await set(key, .text(letter))
        return true
    }

    /// What is no entry was put there by somebody else, and goes.
    public func collect(_ body: @Sendable ([Entry]) async throws -> Void) async throws {
        for letter in try await letters() ?? [] {
            try await body(letter.text.split(separator: "\n").compactMap { try? Entry(Array($0.utf8)) })
            try await set(letter.key, .null)
        }
    }

    /// nil where there is no ConfigMap.
    private func letters() async throws(ClusterError) -> [(key: String, text: String)]? {
        do throws(ClusterError) {
            let data = try await client.get(reference)["data"]
            return ((try? data.entries()).map(Array.init) ?? []).map { ($0.key, $0.text) }.sorted { $0.0 < $1.0 }
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    private func set(_ key: String, _ text: ManifestText) async throws(ClusterError) {
        let patch = ManifestText.map(["data": .map([.init(key, text)])])
        _ = try await client.merge(patch, into: reference, manager: OwnedResources.manager)
    }
}
