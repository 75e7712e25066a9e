public import Controls
internal import Documents
public import KubernetesClient
public import Logging
public import Responsibility
public import ServiceLifecycle
internal import Synchronization
internal import Traces
internal import Tracing

/// Watches a cluster, keeps the findings about it current, and writes them down: as reports for whoever holds the lease, as metrics for all.
///
/// It decides nothing that a scan would not decide: the same controls, model and grants, over the same objects. `docs/background.md` says what it
/// watches, writes and costs.
public struct BackgroundController: Service {
    /// What admissions ask. Filled by the watches, whoever holds the lease.
    public let store: EstateStore
    private let client: ClusterClient
    private let rules: JudgingRules
    private let served: [Resource]
    private let settings: BackgroundSettings
    private let clock: BackgroundClock
    private let metrics: BackgroundMetrics
    private let logger: Logger
    private let bypasses: @Sendable () -> BypassInspector?
    private let writer: ReportWriter
    private let current: Current
    /// Who wrote what, where audit events come here.
    private let trail: AuditTrail?

    /// What was found last.
    private final class Current: Sendable {
        let findings = Mutex(LiveFindings())
        /// What programs ask for.
        let list = Mutex(FindingList())
        /// nil before the first pass.
        let usage = Mutex<[String: GrantUsage]?>(nil)
    }

    /// - Parameters:
    ///   - controlSettings: what an organisation sets for controls.
    ///   - isLeader: whether this replica may write, asked before each request.
    ///   - bypasses: asked before each pass how to find what came in unseen; nil where nothing can have.
    ///   - audit: where audit events are stored; nil where none come here.
    ///   - registry: where the controller's metrics go.
    public init(
        client: ClusterClient, model: ResponsibilityModel, catalogue: Catalogue, controlSettings: Settings = Settings(),
        exceptions: ExceptionList = ExceptionList(), settings: BackgroundSettings = BackgroundSettings(), clock: BackgroundClock,
        isLeader: @escaping @Sendable () -> Bool, bypasses: @escaping @Sendable () -> BypassInspector? = { nil },
        audit: AuditStore? = nil, registry: MetricRegistry, logger: Logger
    ) {
        self.init(
            client: client, rules: JudgingRules(catalogue: catalogue, model: model, settings: controlSettings, exceptions: exceptions),
            settings: settings, clock: clock, isLeader: isLeader, bypasses: bypasses, audit: audit, registry: registry, logger: logger,
            reports: client)
    }

    /// - Parameters:
    ///   - reports: where reports go.
    ///   - served: what is served beside what the cluster says.
    init(
        client: ClusterClient, rules: JudgingRules, settings: BackgroundSettings, clock: BackgroundClock,
        isLeader: @escaping @Sendable () -> Bool, bypasses: @escaping @Sendable () -> BypassInspector? = { nil },
        audit: AuditStore? = nil, registry: MetricRegistry, logger: Logger, reports: any ReportStore, served: [Resource] = []
    ) {
        (self.client, self.settings, self.clock, self.bypasses) = (client, settings, clock, bypasses)
        self.logger = logger
        metrics = BackgroundMetrics(registry, kinds: ClusterKinds.kinds(for: rules.catalogue.controls), settings: settings)
        (self.rules, self.served) = (rules, served)
        store = EstateStore(source: client.sourceName, limits: settings.limits)
        writer = ReportWriter(reports, settings: settings, clock: clock, isLeader: isLeader, metrics: metrics, logger: logger, spans: client.spans)
        current = Current()
        trail = audit.map { AuditTrail($0, kinds: ClusterKinds.kinds(for: rules.catalogue.controls), registry: registry, logger: logger) }
    }

    /// What audit events prove about what is in the cluster, for objects that come in.
    public var writes: (any WriteRecord)? { trail?.latest }

    /// What cannot be read or judged at the moment, and why reports are not written.
    public var gaps: [Gap] {
        current.findings.withLock { $0.allGaps } + (writer.trouble.map { [Gap(source: client.sourceName, reason: .unreadable, message: $0)] } ?? [])
    }

    /// The findings as of the last passes.
    var findings: LiveFindings { current.findings.withLock { $0 } }

    /// The same for programs, as of the last pass.
    var list: FindingList { current.list.withLock { $0 } }

    /// What grants are used for, as of the last pass; nil before the first.
    var grantUsage: [String: GrantUsage]? { current.usage.withLock { $0 } }

    /// Says that `bypasses` has something new to tell.
    public func bypassesChanged() { store.touch() }

    /// Runs until the service group shuts down, or the task is cancelled.
    public func run() async throws {
        let watchers = ClusterWatchers(
            client, controls: rules.catalogue.controls, store: store, settings: settings, clock: clock, metrics: metrics, logger: logger,
            discovered: { [writer, served] in writer.discovered($0 + served) })
        do {
            try await cancelWhenGracefulShutdown {
                try await BackgroundThreads.run {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await watchers.run() }
                        group.addTask { try await writer.run() }
                        group.addTask { try await judge() }
                        if let trail { group.addTask { await trail.run { store.touch($0) } } }
                        try await group.next()
                        group.cancelAll()
                    }
                }
            }
        } catch is CancellationError {
            return
        }
    }

    // MARK: - Judging

    /// Judges what changed, when `PassSchedule` says.
    private func judge() async throws {
        var schedule = PassSchedule(settings.schedule)
        var alarm: Task<Void, any Error>?
        defer { alarm?.cancel() }
        var known = ObjectTable.Effect()
        for await _ in store.changes {
            try Task.checkCancellation()
            guard store.isComplete, trail?.isCaughtUp ?? true else { continue }
            repeat {
                let now = clock.uptime()
                let effect = store.effect
                if effect != known { schedule.changed(at: now, isUrgent: effect.concernsGrants && !known.concernsGrants) }
                known = effect
                let due = timeIsUp(at: clock.now())
                if due != nil { schedule.changed(at: now, isUrgent: true) }
                let step = schedule.step(at: now)
                if case .wait(let until) = step {
                    alarm?.cancel()
                    let pause = min(until - now, timeLeft())
                    alarm = Task { [clock, store] in
                        try await clock.sleep(pause)
                        store.wake()
                    }
                    break
                }
                schedule.begins(step)
                known = ObjectTable.Effect()
                try await pass(step, also: due ?? [])
                schedule.ended(step, at: clock.uptime(), took: clock.uptime() - now)
            } while true
        }
        try Task.checkCancellation()
    }

    /// The namespaces about which time alone says something else by now.
    private func timeIsUp(at now: Timestamp) -> Set<String>? {
        current.findings.withLock { findings in findings.next.flatMap { $0.at <= now ? $0.namespaces : nil } }
    }

    private func timeLeft() -> Duration {
        guard let next = current.findings.withLock({ $0.next?.at }) else { return .seconds(86_400) }
        return .seconds(min(max(clock.now().seconds(to: next), 0), 86_400))
    }

    private func pass(_ step: PassSchedule.Step, also namespaces: Set<String>) async throws {
        try await client.spans.within("background pass") { span in try await pass(step, also: namespaces, span) }
    }

    private func pass(_ step: PassSchedule.Step, also namespaces: Set<String>, _ span: (any Tracing.Span)?) async throws {
        let start = clock.uptime()
        let snapshot = store.snapshot()
        let pass = EstatePass(snapshot, rules: rules, now: clock.now()) { trail?.writes(for: $0) }
        let bypass = bypasses()
        var findings = current.findings.withLock { $0 }
        let names = step == .whole || snapshot.effect.concernsAll ? pass.namespaces : snapshot.effect.namespaces.union(namespaces).sorted()
        for name in names {
            findings.replace(name, with: pass.namespace(name, bypass: bypass))
            try Task.checkCancellation()
        }
        if step == .whole {
            findings.keep(pass.namespaces)
            trail?.keep(pass.judge.inventory, at: pass.judge.now)
        }
        findings.conclude(pass, gaps: snapshot.gaps)
        let reports = findings.reports
        current.findings.withLock { $0 = findings }
        let list = FindingList(reports)
        current.list.withLock { $0 = list }
        let usage = findings.grantUsage(at: clock.now())
        current.usage.withLock { $0 = usage }
        writer.want(reports)
        metrics.publish(FindingMetrics(findings, settings: settings))
        let scope = step == .whole ? "cluster" : "namespaces"
        metrics.passes.observe(clock.uptime() - start, scope)
        span?.updateAttributes { attributes in
            attributes.set("demarc.scope", value: .string(scope))
            for (key, count) in [("namespaces", names.count), ("objects", snapshot.objects.count), ("reports", reports.count)] {
                attributes.set("demarc.count.\(key)", value: .int64(Int64(count)))
            }
        }
        logger.debug("judged", metadata: ["namespaces": "\(names.count)", "objects": "\(snapshot.objects.count)", "reports": "\(reports.count)"])
    }
}
