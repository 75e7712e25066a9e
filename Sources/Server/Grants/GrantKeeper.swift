public import Controls
internal import Documents
internal import Kubernetes
public import KubernetesClient
public import Logging
public import Responsibility
public import ServiceLifecycle
internal import Synchronization
internal import Traces
internal import Tracing

/// Where grants are written.
protocol GrantStore: Sendable {
    func write(_ status: ManifestText, to grant: KubernetesObject) async throws(ClusterError)
    func send(_ event: ManifestText, in namespace: String) async throws(ClusterError)
}

extension ClusterClient: GrantStore {
    private static let grants = Resource(
        group: "demarc.dev", version: "v1alpha1", name: "privilegegrants", kind: "PrivilegeGrant", isNamespaced: true)
    private static let events = Resource(version: "v1", name: "events", kind: "Event", isNamespaced: true)

    func write(_ status: ManifestText, to grant: KubernetesObject) async throws(ClusterError) {
        let reference = ObjectReference(Self.grants, namespace: grant.namespace, name: grant.name)
        // Over the version that was judged: a decision that came meanwhile must not be written over.
        _ = try await patchStatus(status, reference, over: grant.metadata["resourceVersion"].text, manager: OwnedResources.manager)
    }

    func send(_ event: ManifestText, in namespace: String) async throws(ClusterError) {
        do throws(ClusterError) { _ = try await create(event, Self.events, namespace: namespace) } catch {
            // Somebody has said it.
            guard error.kind == .conflict else { throw error }
        }
    }
}

/// Keeps the status of grants as their decisions say, to the second: at each change, and at the instant at which time alone changes something.
/// Whoever holds the lease writes; decisions stay people's.
public final class GrantKeeper: Service {
    /// What was made of a grant.
    private struct Seen {
        let version: String
        let usage: GrantUsage?
        let next: Timestamp?
    }

    private struct State {
        /// By uid.
        var seen: [String: Seen] = [:]
        var next: Timestamp?
        var trouble: String?
        /// Names of the events that were sent, so that none is tried at each change of its grant.
        var said: Set<String> = []
        var bucket = TokenBucket(rate: 5, burst: 50)
    }

    private let store: any GrantStore
    private let rules: (model: ResponsibilityModel, controls: [String: Control])
    private let grants: @Sendable () -> [KubernetesObject]?
    private let usage: @Sendable () -> [String: GrantUsage]?
    private let changes: AsyncStream<Void>
    private let isLeader: @Sendable () -> Bool
    private let identity: String
    private let clock: BackgroundClock
    private let metrics: GrantMetrics
    private let logger: Logger
    private let spans: Spans
    private let state = Mutex(State())

    /// - Parameters:
    ///   - background: what it watches, and what it finds used.
    ///   - exempt: namespaces in which nothing is reviewed, so that nobody knows who has written a grant there.
    ///   - isLeader: whether this replica may write, asked before each round.
    public convenience init(
        _ client: ClusterClient, background: BackgroundController, exempt: Set<String>, model: ResponsibilityModel, catalogue: Catalogue,
        isLeader: @escaping @Sendable () -> Bool, identity: String, clock: BackgroundClock, registry: MetricRegistry, logger: Logger
    ) {
        self.init(
            client, model: model, controls: catalogue.controls, grants: { background.store.grants?.filter { !exempt.contains($0.namespace) } },
            usage: { background.grantUsage },
            changes: background.store.grantChanges(), isLeader: isLeader, identity: identity, clock: clock, registry: registry, logger: logger,
            spans: client.spans)
    }

    init(
        _ store: any GrantStore, model: ResponsibilityModel, controls: [Control], grants: @escaping @Sendable () -> [KubernetesObject]?,
        usage: @escaping @Sendable () -> [String: GrantUsage]?, changes: AsyncStream<Void>, isLeader: @escaping @Sendable () -> Bool,
        identity: String, clock: BackgroundClock, registry: MetricRegistry, logger: Logger, spans: Spans = .none
    ) {
        (self.store, self.grants, self.usage, self.changes, self.isLeader) = (store, grants, usage, changes, isLeader)
        (self.identity, self.clock, self.logger, self.spans) = (identity, clock, logger, spans)
        rules = (model, Dictionary(controls.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
        metrics = GrantMetrics(registry)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await BackgroundThreads.run {
                await withTaskGroup(of: Void.self) { group in
                    let (wakes, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
                    group.addTask { for await _ in self.changes { signal.yield() } }
                    group.addTask { while (try? await self.clock.sleep(self.pause)) != nil { signal.yield() } }
                    for await _ in wakes { await work() }
                    group.cancelAll()
                }
            }
        }
    }

    /// The lease comes and goes without a word; an instant that is near is not slept through.
    private var pause: Duration {
        let next = state.withLock { $0.next }
        return next.map { .seconds(min(max(clock.now().seconds(to: $0), 0), 2)) } ?? .seconds(2)
    }

    /// One round over the grants that changed, or whose time has come.
    func work() async {
        guard let grants = grants() else { return }
        guard isLeader() else { return state.withLock { ($0.seen, $0.next) = ([:], nil) } }
        let (now, usage) = (clock.now(), usage())
        var trouble: String?
        for grant in grants where !isSettled(grant, usage, at: now) {
            do throws(ClusterError) { try await settle(grant, usage, at: now) } catch {
                // Somebody was faster, or it is gone: the watch will tell.
                if error.kind == .conflict || error.kind == .notFound { continue }
                metrics.failed.add()
                trouble = "\(grant.displayName): \(error)"
            }
        }
        let known = Set(grants.map(\.uid))
        state.withLock { state in
            state.seen = state.seen.filter { known.contains($0.key) }
            state.next = state.seen.values.compactMap(\.next).filter { $0 > now }.min()
        }
        say(trouble)
    }

    private func usage(of grant: KubernetesObject, _ all: [String: GrantUsage]?) -> GrantUsage? { all?["\(grant.namespace)/\(grant.name)"] }

    private func isSettled(_ grant: KubernetesObject, _ usage: [String: GrantUsage]?, at now: Timestamp) -> Bool {
        guard let seen = state.withLock({ $0.seen[grant.uid] }) else { return false }
        return seen.version == grant.metadata["resourceVersion"].text && seen.usage == self.usage(of: grant, usage)
            && seen.next.map { now < $0 } ?? true
    }

    private func settle(_ grant: KubernetesObject, _ usage: [String: GrantUsage]?, at now: Timestamp) async throws(ClusterError) {
        try await spans.within("grant reconciliation") { span async throws(ClusterError) in try await settle(grant, usage, at: now, span) }
    }

    private func settle(
        _ grant: KubernetesObject, _ usage: [String: GrantUsage]?, at now: Timestamp, _ span: (any Tracing.Span)?
    ) async throws(ClusterError) {
        let used = self.usage(of: grant, usage)
        let made = GrantReconciliation(of: grant, model: rules.model, controls: rules.controls, usage: used, now: now)
        span?.updateAttributes { attributes in
            attributes.set("demarc.namespace", value: .string(grant.namespace))
            if let phase = made.phase { attributes.set("demarc.phase", value: .string(phase.rawValue)) }
        }
        for event in made.events { await tell(event, about: grant) }
        if !made.status.isEmpty {
            try await store.write(.map(made.status), to: grant)
            metrics.written.add()
        }
        state.withLock { $0.seen[grant.uid] = Seen(version: grant.metadata["resourceVersion"].text, usage: used, next: made.next) }
    }

    /// Word that does not get through is not said again: the status says it too.
    private func tell(_ event: GrantEvent, about grant: KubernetesObject) async {
        let (name, manifest) = event.manifest(about: grant, from: identity)
        let isNews = state.withLock { state in
            if state.said.count > 10_000 { state.said = [] }
            return state.said.insert(name).inserted
        }
        guard isNews else { return }
        if event.reason == "BreakGlass" {
            logger.warning("break-glass", metadata: ["grant": "\(grant.namespace)/\(grant.name)", "what": "\(event.message)", "at": "\(event.at)"])
        }
        guard state.withLock({ $0.bucket.take(at: clock.uptime() / .seconds(1)) }) == 0 else { return metrics.unsaid.add() }
        do throws(ClusterError) { try await store.send(manifest, in: grant.namespace) } catch {
            metrics.unsaid.add()
            logger.debug("an event was not sent", metadata: ["error": "\(error)"])
        }
    }

    private func say(_ trouble: String?) {
        let isNews = state.withLock { state in
            defer { state.trouble = trouble }
            return state.trouble != trouble
        }
        guard isNews, let trouble else { return }
        logger.error("the status of a grant cannot be written; it is tried again", metadata: ["why": "\(trouble)"])
    }
}

/// What the keeper counts.
struct GrantMetrics: Sendable {
    let written = Counter("demarc_grant_writes_total", "Writes of the status of grants.")
    let failed = Counter("demarc_grant_failures_total", "Writes of the status of grants that failed and are made again.")
    let unsaid = Counter("demarc_grant_events_dropped_total", "Events about grants that were not sent.")

    init(_ registry: MetricRegistry) { for metric in [written, failed, unsaid] { registry.add(metric) } }
}
