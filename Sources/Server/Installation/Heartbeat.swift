public import Documents
public import KubernetesClient

/// The sign of life that the replicas of a server leave in the cluster while they answer.
///
/// It is a Lease that comes with the manifests: `renewTime` is the last sign, and an annotation holds the times without one. Every replica that is ready
/// gives it; who finds the last sign too old notes that time, and the version of the object sees to it that only one does.
public struct Heartbeat: Sendable {
    public static let name = "demarc-heartbeat"
    static let annotation = "demarc.dev/silences"

    private let client: ClusterClient
    private let reference: ObjectReference
    private let identity: String

    /// - Parameter identity: of this replica, for people.
    public init(_ client: ClusterClient, namespace: String, identity: String, name: String = Heartbeat.name) {
        (self.client, self.identity) = (client, identity)
        reference = ObjectReference(OwnedResources.leases, namespace: namespace, name: name)
    }

    /// Every silence there was so far, without a sign of life.
    func silences() async throws(ClusterError) -> [Silence] {
        do { return try Heartbeat.read(try await client.get(reference)).silences } catch {
            guard error.kind == .notFound else { throw error }
            return []
        }
    }

    /// Gives a sign of life. Call it every few seconds, and only while this replica is asked and answers.
    ///
    /// - Returns: every silence there was so far.
    public func beat(now: Timestamp) async throws -> [Silence] {
        // Several replicas write over each other: whoever loses looks again, and then mostly has nothing left to write.
        for _ in 0..<4 {
            let object: Value?
            do throws(ClusterError) { object = try await client.get(reference) } catch {
                guard error.kind == .notFound else { throw error }
                object = nil
            }
            var log = try object.map { try Heartbeat.read($0) } ?? SilenceLog()
            // A sign of somebody else a moment ago is as good as ours.
            if let last = log.last, (0..<5).contains(last.seconds(to: now)) { return log.silences }
            _ = log.beat(at: now)
            if try await write(log, over: object, at: now) { return log.silences }
        }
        return try Heartbeat.read(try await client.get(reference)).silences
    }

    static func read(_ lease: Value) throws(ClusterError) -> SilenceLog {
        do {
            let silences = try lease["metadata"]["annotations"].entry(named: annotation).string() ?? ""
            return SilenceLog(
                last: try lease["spec"]["renewTime"].string().flatMap { Timestamp($0) },
                silences: silences.split(separator: ",").compactMap { Silence($0) })
        } catch {
            throw ClusterError(.malformed, "get leases '\(name)': \(error.value.fieldPath) must be \(error.expected)")
        }
    }

    private func write(_ log: SilenceLog, over object: Value?, at now: Timestamp) async throws(ClusterError) -> Bool {
        let time = ManifestText.text((log.last ?? now).description.dropLast() + ".000000Z")
        var annotations: [ManifestText.Entry] = []
        var metadata: [ManifestText.Entry] = []
        if let object, case .map(let entries) = ManifestText(object["metadata"], change: { $0.key == "managedFields" ? .remove : nil }) {
            metadata = entries.filter { $0.key != "annotations" }
            if case .map(let others) = ManifestText(object["metadata"]["annotations"]) { annotations = others.filter { $0.key != Self.annotation } }
        } else {
            metadata = [
                .init("name", .text(reference.name)), .init("namespace", .text(reference.namespace ?? "")), .init("labels", OwnedResources.labels),
            ]
        }
        if !log.silences.isEmpty {
            annotations.append(.init(Self.annotation, .text(log.silences.map(\.description).joined(separator: ","))))
        }
        metadata.append(.init("annotations", .map(annotations)))
        let manifest = ManifestText.map([
            .init("apiVersion", .text(OwnedResources.leases.apiVersion)), .init("kind", .text("Lease")), .init("metadata", .map(metadata)),
            .init("spec", .map(["holderIdentity": .text(identity), "renewTime": time])),
        ])
        do throws(ClusterError) {
            if object == nil {
                _ = try await client.create(manifest, OwnedResources.leases, namespace: reference.namespace)
            } else {
                _ = try await client.replace(manifest, reference)
            }
            return true
        } catch {
            guard error.kind == .conflict else { throw error }
            return false
        }
    }
}
