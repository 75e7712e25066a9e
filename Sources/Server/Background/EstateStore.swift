internal import Controls
public import Kubernetes
internal import KubernetesClient
internal import Synchronization

/// The cluster as the watches tell it: written by one task for each kind, read by whoever judges and by admissions.
public final class EstateStore: Sendable {
    private struct State {
        var table: ObjectTable
        /// What changed since it was last taken.
        var effect = ObjectTable.Effect()
        var pending: Set<Resource> = []
        /// Whether it is known at all what there is to watch.
        var isDiscovered = false
        /// Once complete, always complete: a definition that somebody adds must not make all replicas wait for it at once.
        var wasComplete = false
        var discoveryGaps: [Gap] = []
        /// Those who want to hear of grants.
        var grantListeners: [AsyncStream<Void>.Continuation] = []
        /// The grants that they heard of last.
        var toldGrants: UInt64 = 0

        mutating func settle() {
            wasComplete = wasComplete || (isDiscovered && pending.isEmpty)
            let becomesComplete = wasComplete && !table.admission.isComplete
            table.admission.isComplete = wasComplete
            if becomesComplete { tellOfGrants() }
        }

        /// One word is enough however much changed. Nobody is told of some grants while others are not known yet.
        mutating func tellOfGrants() {
            toldGrants = table.admission.grantsVersion
            if wasComplete { for listener in grantListeners { listener.yield() } }
        }
    }

    private let state: Mutex<State>
    private let source: String
    private let limits: EstateLimits
    /// Says that something changed; one word is enough however much did.
    let changes: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// - Parameter source: how reports call the cluster.
    public init(source: String, limits: EstateLimits = EstateLimits()) {
        (self.source, self.limits) = (source, limits)
        state = Mutex(State(table: ObjectTable(limits: limits)))
        (changes, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What admissions ask, at this moment.
    public var admission: OwnerSnapshot { state.withLock { $0.table.admission } }

    /// Whether each kind of the first discovery was listed once, or is known not to be readable. What is discovered later is a gap until then.
    public var isComplete: Bool { state.withLock { $0.wasComplete } }

    /// Objects that are kept.
    public var count: Int { state.withLock { $0.table.count } }

    /// Resources that are watched from now on, beside those that were before.
    func watches(_ added: [Resource], gaps: [Gap]) {
        state.withLock { state in
            state.isDiscovered = true
            for resource in added { state.table.admission.knows(resource, false) }
            // What is missing is said by a pass.
            if state.wasComplete, !added.isEmpty || state.discoveryGaps != gaps { state.effect.namespaces.insert("") }
            state.discoveryGaps = gaps
            state.pending.formUnion(added)
            state.settle()
        }
        signal.yield()
    }

    /// A resource that is no longer served, with all its objects.
    func drop(_ resource: Resource) { forget(resource, nil) }

    /// Takes one event of the watch of a resource. What is too large is cut first, and without the lock.
    func take(_ event: WatchEvent, of resource: Resource) {
        var (event, isCut) = (event, false)
        if case .present(let whole) = event {
            let trimmed = limits.trimmed(whole, of: resource)
            (event, isCut) = (.present(trimmed.root), trimmed.isCut)
        }
        let isNews = state.withLock { state in
            let effect = state.table.take(event, of: resource, source: source, isCut: isCut)
            state.effect.form(effect)
            if state.toldGrants != state.table.admission.grantsVersion { state.tellOfGrants() }
            if !state.pending.isDisjoint(with: state.table.shed) {
                state.pending.subtract(state.table.shed)
                state.settle()
            }
            if case .listed = event, state.pending.remove(resource) != nil {
                // Its gap is gone.
                if state.wasComplete { state.effect.namespaces.insert("") }
                state.settle()
                return true
            }
            return effect != ObjectTable.Effect()
        }
        if isNews { signal.yield() }
    }

    /// Says that a grant has come, changed or gone. For one listener; each asks for its own.
    public func grantChanges() -> AsyncStream<Void> {
        let (changes, listener) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        state.withLock { state in
            state.grantListeners.append(listener)
            if state.wasComplete { listener.yield() }
        }
        return changes
    }

    /// All grants of the cluster; nil before each kind was listed.
    public var grants: [KubernetesObject]? {
        let admission = admission
        return admission.isComplete ? admission.grants : nil
    }

    /// Uids of all grants, and `namespace/name` of those that cannot be read; nil while not all of them are known.
    public var allGrants: (uids: Set<String>, unreadable: Set<String>)? { state.withLock { $0.table.allGrants } }

    /// Whether what is told of a resource is not kept since it is too much.
    func isShed(_ resource: Resource) -> Bool { state.withLock { $0.table.shed.contains(resource) } }

    /// A resource cannot be read: what was known of it is not known now.
    func lose(_ resource: Resource, _ gap: Gap) { forget(resource, gap) }

    private func forget(_ resource: Resource, _ gap: Gap?) {
        state.withLock { state in
            state.effect.form(state.table.lose(resource, gap))
            if state.toldGrants != state.table.admission.grantsVersion { state.tellOfGrants() }
            state.pending.remove(resource)
            state.settle()
        }
        signal.yield()
    }

    /// Wakes whoever waits for changes.
    func wake() { signal.yield() }

    /// Asks for a pass over all namespaces though no object changed.
    func touch() {
        state.withLock { $0.effect.concernsAll = true }
        signal.yield()
    }

    /// Asks for a pass over these namespaces, of whose objects more is known now; nil for all.
    func touch(_ namespaces: Set<String>?) {
        guard let namespaces else { return touch() }
        state.withLock { $0.effect.namespaces.formUnion(namespaces) }
        signal.yield()
    }

    /// All objects as they are now, and what changed since this was last asked.
    func snapshot() -> EstateSnapshot {
        let taken = state.withLock { state in
            defer { state.effect = ObjectTable.Effect() }
            let unlisted = state.wasComplete ? state.pending : []
            return (table: state.table, gaps: state.discoveryGaps, unlisted: unlisted, effect: state.effect)
        }
        // Every review takes the lock, so the objects are put in order without it.
        let unlisted = taken.unlisted.map { "\($0.name)\($0.group.isEmpty ? "" : "." + $0.group)" }.sorted()
            .map { Gap(source: source, reason: .unreadable, message: "list \($0): not listed yet, since it was served only later") }
        return EstateSnapshot(taken.table, gaps: taken.gaps + unlisted, effect: taken.effect)
    }

    /// What changed since the last snapshot.
    var effect: ObjectTable.Effect { state.withLock { $0.effect } }
}

/// One moment of a cluster.
struct EstateSnapshot: Sendable {
    var objects: [KubernetesObject] = []
    /// Indexes of the objects that are not here as a whole.
    var cut: Set<Int> = []
    var gaps: [Gap] = []
    var effect = ObjectTable.Effect()

    init(objects: [KubernetesObject] = [], gaps: [Gap] = [], effect: ObjectTable.Effect = ObjectTable.Effect()) {
        (self.objects, self.gaps, self.effect) = (objects, gaps, effect)
    }

    /// - Parameter gaps: those of the table not among them.
    init(_ table: ObjectTable, gaps: [Gap] = [], effect: ObjectTable.Effect = ObjectTable.Effect()) {
        self.init(objects: table.objects, gaps: gaps + table.gaps, effect: effect)
        cut = table.cut
    }
}
