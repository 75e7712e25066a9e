internal import Controls
internal import Documents
internal import Kubernetes
internal import KubernetesClient
internal import Logging
internal import Reports
internal import Synchronization
internal import Traces
internal import Tracing

/// Where reports are kept.
protocol ReportStore: Sendable {
    /// The reports that are ours, by the uid of their object, with the hashes they were written with.
    func reports(_ resource: Resource, pageSize: Int) async throws(ClusterError) -> [String: ReportSync.Stored]
    func apply(report: [UInt8], _ reference: ObjectReference) async throws(ClusterError)
    func deleteReport(_ reference: ObjectReference) async throws(ClusterError)
}

extension ClusterClient: ReportStore {
    func reports(_ resource: Resource, pageSize: Int) async throws(ClusterError) -> [String: ReportSync.Stored] {
        var stored: [String: ReportSync.Stored] = [:]
        var query = ListQuery(resource)
        query.labelSelector = "app.kubernetes.io/managed-by=demarc"
        query.limit = pageSize
        do {
            try await pages(query) { page in
                for document in page.documents(source: { _ in resource.name }) {
                    guard let root = document.tree.roots.first, let uid = (try? root["metadata"]["name"].string()) ?? nil else { continue }
                    stored[uid] = ReportSync.Stored(
                        namespace: ((try? root["metadata"]["namespace"].string()) ?? nil) ?? "",
                        hash: (try? root["metadata"]["labels"].entry(named: ReportText.hashKey).string()) ?? nil)
                }
            }
        } catch let error as ClusterError {
            throw error
        } catch {
            throw ClusterError(.unreachable, "list \(resource.name): \(error)")
        }
        return stored
    }

    func apply(report: [UInt8], _ reference: ObjectReference) async throws(ClusterError) {
        try await apply(json: report, reference, manager: "demarc", force: true)
    }

    func deleteReport(_ reference: ObjectReference) async throws(ClusterError) { try await delete(reference) }
}

/// Keeps the cluster's reports as the findings are: what waits around `ReportSync`, which decides.
final class ReportWriter: Sendable {
    /// The API that the cluster has, with its two resources.
    struct Target: Sendable, Equatable {
        let api: PolicyReportAPI
        let namespaced: Resource
        let clusterWide: Resource

        /// The newer API where both are served; nil where none is.
        static func choose(_ served: [Resource]) -> Target? {
            for api in PolicyReportAPI.allCases {
                func find(_ isNamespaced: Bool) -> Resource? {
                    served.first { $0.group == api.group && $0.version == api.version && $0.kind == api.kind(isNamespaced: isNamespaced) }
                }
                if let namespaced = find(true), let clusterWide = find(false) {
                    return Target(api: api, namespaced: namespaced, clusterWide: clusterWide)
                }
            }
            return nil
        }

        func reference(_ uid: String, namespace: String) -> ObjectReference {
            namespace.isEmpty ? ObjectReference(clusterWide, name: uid) : ObjectReference(namespaced, namespace: namespace, name: uid)
        }
    }

    private struct State {
        var sync = ReportSync()
        var target: Target?
        var isTargetKnown = false
        var bucket: TokenBucket
        /// What kept a report from being written, the last of each kind of trouble.
        var trouble: String?
        var readAt: Duration?
        /// Failures in a row, and until when nothing is tried after too many.
        var failures = 0
        var notBefore: Duration = .zero
    }

    private let store: any ReportStore
    private let settings: BackgroundSettings
    private let clock: BackgroundClock
    private let isLeader: @Sendable () -> Bool
    private let metrics: BackgroundMetrics
    private let logger: Logger
    private let spans: Spans
    private let state: Mutex<State>
    private let wakes: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(
        _ store: any ReportStore, settings: BackgroundSettings, clock: BackgroundClock, isLeader: @escaping @Sendable () -> Bool,
        metrics: BackgroundMetrics, logger: Logger, spans: Spans = .none
    ) {
        (self.store, self.settings, self.clock, self.isLeader) = (store, settings, clock, isLeader)
        (self.metrics, self.logger, self.spans) = (metrics, logger, spans)
        state = Mutex(State(bucket: TokenBucket(rate: settings.reportsPerSecond, burst: settings.reportBurst)))
        (wakes, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Why reports are not written as they should be; nil where they are.
    var trouble: String? { state.withLock { $0.trouble } }

    func want(_ reports: [String: JudgedObject]) {
        state.withLock { $0.sync.want(reports) }
        signal.yield()
    }

    /// The cluster was asked what it serves.
    func discovered(_ served: [Resource]) {
        let target = settings.writesReports ? Target.choose(served) : nil
        let isNews = state.withLock { state in
            defer { (state.target, state.isTargetKnown) = (target, true) }
            if state.target != target { state.sync.forget() }
            return !state.isTargetKnown || state.target != target
        }
        guard isNews else { return }
        if let target {
            logger.info("reports are written", metadata: ["api": "\(target.api.apiVersion)"])
        } else if settings.writesReports {
            logger.notice("no reports are written: the cluster serves neither openreports.io/v1alpha1 nor wgpolicyk8s.io/v1alpha2")
        }
        signal.yield()
    }

    /// Writes until it is cancelled. Whether the lease is still held is asked before each request.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // The lease comes and goes without a word.
                while true {
                    try await self.clock.sleep(.seconds(2))
                    self.signal.yield()
                }
            }
            group.addTask { for await _ in self.wakes { try await self.work() } }
            try await group.next()
            group.cancelAll()
        }
    }

    private func work() async throws {
        while true {
            try Task.checkCancellation()
            guard isLeader() else { return state.withLock { $0.sync.forget() } }
            guard let target = state.withLock({ $0.target }) else { return }
            let now = clock.uptime()
            guard state.withLock({ $0.notBefore <= now }) else { return }
            let needsReading = state.withLock { $0.sync.stored == nil || ($0.readAt.map { now - $0 >= settings.reportReview } ?? true) }
            do throws(ClusterError) {
                if needsReading {
                    let stored = try await spans.within("reports read") { _ async throws(ClusterError) in try await read(target) }
                    state.withLock { state in
                        state.sync.read(stored)
                        state.readAt = now
                        (state.trouble, state.failures) = (nil, 0)
                    }
                }
                guard let action = state.withLock({ $0.sync.next() }) else { return }
                try await carryOut(action, target)
                state.withLock { $0.failures = 0 }
            } catch {
                note(error)
                guard !needsReading, isOfOneReport(error) else { return giveUp(error) }
            }
        }
    }

    /// A namespace that is being deleted takes no report any more, and an object may be gone. That is no trouble, unless it goes on.
    private func isOfOneReport(_ error: ClusterError) -> Bool {
        let failures = state.withLock { state in
            state.failures += 1
            return state.failures
        }
        switch error.kind {
        case .forbidden, .notFound, .conflict, .refused, .tooLarge: return failures < 5
        default: return false
        }
    }

    /// What failed is found again when the reports are read anew.
    private func giveUp(_ error: ClusterError) {
        let until = clock.uptime() + settings.retryOfReports
        state.withLock { state in
            state.sync.forget()
            (state.failures, state.notBefore, state.trouble) = (0, until, error.description)
        }
    }

    private func note(_ error: ClusterError) {
        metrics.failed.add()
        logger.warning("a report could not be written", metadata: ["error": "\(error)"])
    }

    private func read(_ target: Target) async throws(ClusterError) -> [String: ReportSync.Stored] {
        var stored: [String: ReportSync.Stored] = [:]
        for resource in [target.namespaced, target.clusterWide] {
            stored.merge(try await store.reports(resource, pageSize: settings.pageSize)) { $1 }
        }
        return stored
    }

    private func carryOut(_ action: ReportSync.Action, _ target: Target) async throws(ClusterError) {
        switch action {
        case .delete(let uid):
            guard let namespace = state.withLock({ $0.sync.stored?[uid]?.namespace }) else { return }
            try await pause()
            do throws(ClusterError) {
                try await spans.within("report delete") { span async throws(ClusterError) in
                    span?.note("demarc.namespace", .string(namespace))
                    try await store.deleteReport(target.reference(uid, namespace: namespace))
                }
            } catch {
                // The garbage collector was faster.
                guard error.kind == .notFound else { throw error }
            }
            state.withLock { $0.sync.deleted(uid) }
            metrics.written.add(1, "delete")
        case .write(let uid):
            guard let object = state.withLock({ $0.sync.wanted[uid] }) else { return }
            let text = ReportText(object, api: target.api, mostRows: settings.mostRows, mostBytes: settings.mostReportBytes)
            guard state.withLock({ $0.sync.hash(of: uid) }) != text.hash else { return }
            try await pause()
            let reference = target.reference(uid, namespace: object.scope.namespace)
            try await spans.within("report write") { span async throws(ClusterError) in
                span?.note("demarc.namespace", .string(object.scope.namespace))
                try await store.apply(report: text.bytes(at: clock.now()), reference)
            }
            state.withLock { $0.sync.wrote(uid, namespace: object.scope.namespace, hash: text.hash) }
            metrics.written.add(1, "apply")
        }
    }

    private func pause() async throws(ClusterError) {
        let uptime = clock.uptime() / .seconds(1)
        let seconds = state.withLock { $0.bucket.take(at: uptime) }
        guard seconds > 0 else { return }
        do { try await clock.sleep(.seconds(seconds)) } catch { throw ClusterError(.unreachable, "reports: cancelled") }
    }
}
