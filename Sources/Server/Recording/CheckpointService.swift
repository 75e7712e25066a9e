public import Ledger
public import Logging
public import ServiceLifecycle
internal import Synchronization

/// Shows the newest checkpoint outside of the ledger while this replica writes it.
public final class CheckpointService: Service {
    private let ledger: ServerLedger
    private let places: [any CheckpointPlace]
    private let sleep: @Sendable (Duration) async throws -> Void
    private let metrics: LedgerMetrics
    private let logger: Logger
    /// The size that each place shows, and the last fault of each, which is logged once.
    private let state = Mutex<[String: Shown]>([:])

    private struct Shown {
        var size = 0
        var fault: String?
        var isContradicted = false
    }

    /// - Parameter places: all of them get each checkpoint.
    public init(_ ledger: ServerLedger, places: [any CheckpointPlace], clock: BackgroundClock, metrics: LedgerMetrics, logger: Logger) {
        (self.ledger, self.places, sleep, self.metrics, self.logger) = (ledger, places, clock.sleep, metrics, logger)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            var pause = Duration.seconds(5)
            while (try? await sleep(pause)) != nil {
                await publish()
                pause = .seconds(30)
            }
        }
        await publish()
    }

    func publish() async {
        guard ledger.token != nil else { return }
        for place in places { await publish(to: place) }
        let shown = state.withLock { $0.values.map { ($0.size, $0.isContradicted) } }
        // The size that every place shows at least.
        if let least = shown.map(\.0).min(), least > 0 { metrics.published.set(Double(least)) }
        metrics.contradicted.set(shown.contains { $0.1 } ? 1 : 0)
    }

    private func publish(to place: any CheckpointPlace) async {
        var shown = state.withLock { $0[place.name] ?? Shown() }
        do throws(PublishingFault) {
            let reader: LedgerReader
            let size: Int
            do throws(LedgerError) {
                reader = try LedgerReader(path: ledger.path)
                size = try reader.checkpoint()?.checkpoint.size ?? 0
            } catch { throw PublishingFault(.ledger, "\(error)") }
            guard size != shown.size || shown.fault != nil else { return }
            switch try await CheckpointPublisher(reader, keys: [ledger.key.verifier]).publish(to: place) {
            case .published(let size), .unchanged(let size): shown = Shown(size: size)
            }
        } catch {
            metrics.failed(.publish)
            if shown.fault != error.description { logger.error("a checkpoint was not published", metadata: ["why": "\(error)"]) }
            (shown.fault, shown.isContradicted) = (error.description, error.kind == .contradiction)
        }
        state.withLock { $0[place.name] = shown }
    }
}

extension CheckpointPlace {
    /// For whoever takes the ledger over: a place that cannot be reached says nothing, and is compared with later, when it is published to.
    public func kept() async throws(LedgerError) -> SignedCheckpoint? {
        do throws(PublishingFault) { return try await read().checkpoint } catch { return nil }
    }
}
