public import Logging
public import ServiceLifecycle
internal import Synchronization

/// Sends spans in batches, beside everything else: nothing waits for it but the end of the process, and that not long.
public final class SpanExporter: Service {
    typealias Send = @Sendable (_ request: [UInt8], _ timeout: Duration) async -> ExportOutcome

    /// Time as the exporter sees it; tests hand in their own.
    struct Clock: Sendable {
        /// Only goes forward.
        var uptime: @Sendable () -> Duration
        var sleep: @Sendable (Duration) async throws -> Void

        static var system: Clock {
            let clock = ContinuousClock()
            let start = clock.now
            return Clock(uptime: { clock.now - start }, sleep: { try await clock.sleep(for: $0) })
        }
    }

    /// How many spans came to which end.
    public struct Tally: Sendable, Equatable {
        public var sent = 0
        /// The collector did not want them.
        public var rejected = 0
        /// Never sent, or given up.
        public var failed = 0
    }

    private struct State {
        var tally = Tally()
        /// Until when the collector asked not to be asked.
        var notBefore: Duration = .zero
        /// What kept a batch from being sent, so that it is logged once.
        var trouble: String?
    }

    /// With the drain of the server it stays within the thirty seconds that a Pod has for its end.
    static let flushTime: Duration = .seconds(3)

    private let settings: TracingSettings
    private let queue: SpanQueue
    private let clock: Clock
    private let chance: @Sendable () -> Double
    private let logger: Logger
    private let connected: @Sendable (_ body: @Sendable (@escaping Send) async -> Void) async throws -> Void
    private let state = Mutex(State())

    /// - Parameter queue: where spans come from.
    public convenience init(_ settings: TracingSettings, _ queue: SpanQueue, logger: Logger) {
        self.init(settings, queue, logger: logger, clock: .system, chance: { Double.random(in: 0..<1) }) { body in
            try await CollectorClient.connected(settings) { client in await body { await client.send($0, timeout: $1) } }
        }
    }

    /// - Parameter connected: runs its argument with something to send by.
    init(
        _ settings: TracingSettings, _ queue: SpanQueue, logger: Logger, clock: Clock, chance: @escaping @Sendable () -> Double,
        connected: @escaping @Sendable (_ body: @Sendable (@escaping Send) async -> Void) async throws -> Void
    ) {
        (self.settings, self.queue, self.logger, self.clock, self.chance, self.connected) = (settings, queue, logger, clock, chance, connected)
    }

    public var tally: Tally { state.withLock { $0.tally } }

    /// Runs until the service group shuts down. As the first of its services it ends last, with the spans of all others.
    public func run() async throws {
        do {
            try await connected { [self] send in
                await cancelWhenGracefulShutdown { [self] in
                    await withTaskGroup(of: Void.self) { group in
                        group.addTask {
                            while (try? await self.clock.sleep(self.settings.limits.delay)) != nil { self.queue.wake() }
                        }
                        for await _ in queue.wakes { await drain(send) }
                        group.cancelAll()
                    }
                }
                await flush(send)
            }
        } catch {
            // Only a file of certificates that cannot be read, or a client that does not close cleanly.
            note("\(type(of: error))")
            await cancelWhenGracefulShutdown { while (try? await self.clock.sleep(.seconds(3_600))) != nil {} }
        }
    }

    /// Sends what waits now, unless the collector has asked for silence.
    func drain(_ send: Send) async {
        while !Task.isCancelled, clock.uptime() >= state.withLock({ $0.notBefore }) {
            let batch = queue.take()
            if batch.isEmpty { return }
            await export(batch, send)
        }
    }

    private func export(_ batch: [FinishedSpan], _ send: Send) async {
        let request = OTLPText.request(batch, resource: settings.resource, version: settings.version)
        let start = clock.uptime()
        var attempt = 0
        while true {
            attempt += 1
            let left = settings.limits.timeout - (clock.uptime() - start)
            let outcome = await send(request, min(settings.timeout, left))
            // The process is about to end, and what was under way was cut: the flush sends it again.
            if Task.isCancelled, case .again = outcome { return queue.putBack(batch) }
            guard case .again(let asked, let why) = outcome else { return conclude(batch.count, outcome) }
            let delay = ExportRetry.delay(attempt: attempt, asked: asked, chance: chance())
            guard clock.uptime() - start + delay < settings.limits.timeout else {
                if asked != nil { state.withLock { $0.notBefore = clock.uptime() + delay } }
                return conclude(batch.count, .refused(why: why))
            }
            note(why)
            do { try await clock.sleep(delay) } catch { return queue.putBack(batch) }
        }
    }

    /// The last of it: one attempt for each batch, all within the same few seconds.
    func flush(_ send: Send) async {
        let end = clock.uptime() + SpanExporter.flushTime
        while clock.uptime() < end {
            let batch = queue.take()
            if batch.isEmpty { return }
            let request = OTLPText.request(batch, resource: settings.resource, version: settings.version)
            let outcome = await send(request, min(settings.timeout, end - clock.uptime()))
            guard case .again(_, let why) = outcome else {
                conclude(batch.count, outcome)
                continue
            }
            conclude(batch.count, .refused(why: why))
        }
        let lost = queue.count
        if lost > 0 { logger.warning("spans were not sent before the end", metadata: ["count": "\(lost)", "collector": "\(settings.address)"]) }
    }

    private func conclude(_ count: Int, _ outcome: ExportOutcome) {
        switch outcome {
        case .taken(let rejected):
            let isWell = state.withLock { state in
                let rejected = min(max(rejected, 0), count)
                state.tally.sent += count - rejected
                state.tally.rejected += rejected
                defer { state.trouble = nil }
                return state.trouble != nil
            }
            if isWell { logger.notice("spans are sent again", metadata: ["collector": "\(settings.address)"]) }
        case .refused(let why), .again(_, let why):
            state.withLock { $0.tally.failed += count }
            note(why)
        }
    }

    /// Once for each kind of trouble.
    private func note(_ why: String) {
        let isNews = state.withLock { state in
            defer { state.trouble = why }
            return state.trouble != why
        }
        if isNews { logger.warning("spans cannot be sent", metadata: ["collector": "\(settings.address)", "why": "\(why)"]) }
    }
}
