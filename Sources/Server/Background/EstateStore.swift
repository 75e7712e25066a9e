internal import Controls
internal import Kubernetes
internal import KubernetesClient
internal import Synchronization

/// The cluster as the watches tell it: written by one task for each kind, read by whoever judges and by admissions.
public final class EstateStore: Sendable {
    private struct State {
        var table = ObjectTable()
        /// What changed since it was last taken.
        var effect = ObjectTable.Effect()
        var pending: Set<Resource> = []
        /// Whether it is known at all what there is to watch.
        var isDiscovered = false
        var discoveryGaps: [Gap] = []

        mutating func settle() { table.admission.isComplete = isDiscovered && pending.isEmpty }
    }

    private let state = Mutex(State())
    private let source: String
    /// Says that something changed; one word is enough however much did.
    let changes: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// - Parameter source: how reports call the cluster.
    public init(source: String) {
        self.source = source
        (changes, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What admissions ask, at this moment.
    public var admission: OwnerSnapshot { state.withLock { $0.table.admission } }

    /// Whether each kind was listed once, or is known not to be readable.
    public var isComplete: Bool { state.withLock { $0.isDiscovered && $0.pending.isEmpty } }

    /// Objects that are kept.
    public var count: Int { state.withLock { $0.table.count } }

    /// Resources that are watched from now on, beside those that were before.
    func watches(_ added: [Resource], gaps: [Gap]) {
        state.withLock { state in
            state.isDiscovered = true
            state.discoveryGaps = gaps
            state.pending.formUnion(added)
            state.settle()
        }
        signal.yield()
    }

    /// A resource that is no longer served, with all its objects.
    func drop(_ resource: Resource) { forget(resource, nil) }

    func take(_ event: WatchEvent, of resource: Resource) {
        let isNews = state.withLock { state in
            let effect = state.table.take(event, of: resource, source: source)
            state.effect.form(effect)
            if case .listed = event, state.pending.remove(resource) != nil {
                state.settle()
                return true
            }
            return effect != ObjectTable.Effect()
        }
        if isNews { signal.yield() }
    }

    /// A resource cannot be read: what was known of it is not known now.
    func lose(_ resource: Resource, _ gap: Gap) { forget(resource, gap) }

    private func forget(_ resource: Resource, _ gap: Gap?) {
        state.withLock { state in
            state.effect.form(state.table.lose(resource, gap))
            state.pending.remove(resource)
            state.settle()
        }
        signal.yield()
    }

    /// Wakes whoever waits for changes.
    func wake() { signal.yield() }

    /// Asks for a pass though no object changed.
    func touch() {
        state.withLock { _ = $0.effect.namespaces.insert("") }
        signal.yield()
    }

    /// All objects as they are now, and what changed since this was last asked.
    func snapshot() -> EstateSnapshot {
        state.withLock { state in
            defer { state.effect = ObjectTable.Effect() }
            return EstateSnapshot(objects: state.table.objects, gaps: state.discoveryGaps + state.table.gaps, effect: state.effect)
        }
    }

    /// What changed since the last snapshot.
    var effect: ObjectTable.Effect { state.withLock { $0.effect } }
}

/// One moment of a cluster.
struct EstateSnapshot: Sendable {
    var objects: [KubernetesObject] = []
    var gaps: [Gap] = []
    var effect = ObjectTable.Effect()
}
