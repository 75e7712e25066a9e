internal import Documents
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// One of those who want a lease. Ask it every third of the duration; between two answers `isHeld` says what is certain.
public final class Lease: Sendable {
    private let client: ClusterClient
    private let reference: ObjectReference
    private let state: Mutex<LeaseState>
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now

    static let resource = Resource(group: "coordination.k8s.io", version: "v1", name: "leases", kind: "Lease", isNamespaced: true)

    /// - Parameters:
    ///   - identity: of this program, different from that of every other that wants it.
    ///   - duration: whole seconds for which a holder may be silent.
    ///   - token: the newest token that is known, so that a lease that was deleted goes on with larger ones.
    public init(
        _ client: ClusterClient, namespace: String, name: String, identity: String, duration: Duration = .seconds(15), after token: Int = 0
    ) {
        self.client = client
        reference = ObjectReference(Lease.resource, namespace: namespace, name: name)
        state = Mutex(LeaseState(identity: identity, duration: duration, after: Int64(token)))
    }

    /// Whether the lease is one's own, beyond doubt, at this moment.
    public var isHeld: Bool { state.withLock { $0.isHeld(at: now) } }

    /// A fencing token while the lease is one's own: larger than that of every holder before. What is written under the lease carries it, so
    /// that a store can refuse a holder that has slept through the loss of it.
    public var token: Int? { state.withLock { $0.token(at: now) }.map { Int($0) } }

    private var now: Duration { clock.now - start }

    /// Takes the lease, or renews it.
    /// - Returns: whether it is one's own now.
    public func attempt() async throws(ClusterError) -> Bool {
        var (record, version): (LeaseRecord?, String?)
        do throws(ClusterError) {
            let object = try await client.get(reference)
            do {
                record = try LeaseRecord(object["spec"])
                version = try object["metadata"]["resourceVersion"].string()
            } catch { throw ClusterError(.malformed, "get leases '\(reference.name)': \(error.value.fieldPath) must be \(error.expected)") }
        } catch {
            guard error.kind == .notFound else { throw error }
        }
        let started = now
        let time = Timestamp(secondsSinceEpoch: Int64(Self.wall))
        let (found, foundVersion) = (record, version)
        let step = state.withLock { $0.read(found, version: foundVersion, now: started, time: time) }
        guard case .write(let wanted, let over) = step else {
            state.withLock { $0.lost() }
            return false
        }
        do throws(ClusterError) {
            if over == nil {
                _ = try await client.create(manifest(wanted, over: nil), Lease.resource, namespace: reference.namespace)
            } else {
                _ = try await client.replace(manifest(wanted, over: over), reference)
            }
        } catch {
            guard error.kind == .conflict else { throw error }
            state.withLock { $0.lost() }
            return false
        }
        state.withLock { $0.wrote(wanted, started: started) }
        return true
    }

    /// Gives the lease up, so that the next one need not wait until it has run out. Nothing may be done under it any more, whatever comes of this; whoever
    /// cannot say so in a few seconds leaves it to run out.
    public func release() async throws(ClusterError) {
        guard isHeld else { return }
        state.withLock { $0.lost() }
        do {
            try await withDeadline(.seconds(5)) { [self] in
                let object = try await client.get(reference)
                var record = try LeaseRecord(object["spec"])
                guard record.holder == state.withLock({ $0.identity }) else { return }
                record.holder = ""
                record.renewed = Timestamp(secondsSinceEpoch: Int64(Self.wall))
                _ = try await client.replace(manifest(record, over: try object["metadata"]["resourceVersion"].string()), reference)
            }
        } catch let error as ClusterError {
            // Somebody else has it already, or it is gone.
            guard error.kind == .conflict || error.kind == .notFound else { throw error }
        } catch { throw ClusterError(.unreachable, "update leases '\(reference.name)': it could not be given up in time") }
    }

    private func manifest(_ record: LeaseRecord, over version: String?) -> ManifestText {
        var metadata: [ManifestText.Entry] = [.init("name", .text(reference.name)), .init("namespace", .text(reference.namespace ?? ""))]
        if let version { metadata.append(.init("resourceVersion", .text(version))) }
        return .map([
            "apiVersion": .text(Lease.resource.apiVersion), "kind": .text(Lease.resource.kind), "metadata": .map(metadata), "spec": record.spec,
        ])
    }

    private static var wall: Int { time(nil) }
}
