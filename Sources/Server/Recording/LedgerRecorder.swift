public import Admission
internal import Documents
public import Kubernetes
public import Ledger
public import Logging
public import ServiceLifecycle
internal import Synchronization
public import Traces
internal import Tracing

/// Where a replica that does not keep the ledger leaves what it decided, for the one that does.
public protocol RecordMailbox: Sendable {
    /// - Returns: whether there was room for them.
    func post(_ entries: [Entry]) async throws -> Bool
    /// Takes out what others left, once `body` has dealt with it.
    func collect(_ body: @Sendable ([Entry]) async throws -> Void) async throws
}

/// Keeps the ledger of a server: what is decided about grants, what was let in by them, what was refused, when nobody answered, and which model
/// decided. It never stands in the way of a review: what is worth remembering is counted in memory, and written by a task of its own.
public final class LedgerRecorder: Service {
    /// What there is to record once: grants, times without an answer, the model.
    public struct Sources: Sendable {
        /// nil while the grants are not known yet.
        public var grants: @Sendable () -> [KubernetesObject]?
        /// Which grants there are, by uid, and which of them (`NAMESPACE/NAME`) cannot be read; nil while some may be missing.
        public var all: @Sendable () -> (uids: Set<String>, unreadable: Set<String>)?
        /// Namespaces in which nothing is reviewed.
        public var exempt: Set<String>
        public var silences: @Sendable () -> [Silence]
        public var model: (name: String, hash: String)
        /// Says that a grant changed.
        public var changes: AsyncStream<Void>

        public init(
            grants: @escaping @Sendable () -> [KubernetesObject]?,
            all: @escaping @Sendable () -> (uids: Set<String>, unreadable: Set<String>)? = { nil }, exempt: Set<String> = [],
            silences: @escaping @Sendable () -> [Silence] = { [] }, model: (name: String, hash: String), changes: AsyncStream<Void>
        ) {
            (self.grants, self.all, self.exempt, self.silences, self.model, self.changes) = (grants, all, exempt, silences, model, changes)
        }
    }

    private struct State {
        var tally = AdmissionTally()
        var queue = RecordQueue()
        var known = KnownRecords()
        /// The first entry that was not read yet, and under which token the others were.
        var read = 0
        var readUnder: Int?
        var batches = 0
        var lastTaken: Timestamp?
        /// Uids of the grants that were here since this began.
        var seen: Set<String> = []
        /// What kept an entry from being written, so that it is logged once.
        var trouble: String?
    }

    private let ledger: ServerLedger?
    private let mailbox: (any RecordMailbox)?
    private let sources: Sources
    /// Of this replica and this run.
    private let identity: String
    private let now: @Sendable () -> Timestamp
    private let sleep: @Sendable (Duration) async throws -> Void
    private let metrics: LedgerMetrics
    private let logger: Logger
    private let spans: Spans
    private let state = Mutex(State())
    private let start: Timestamp

    private static let mostSeen = 100_000

    /// Seconds for which denials are counted before they become entries.
    static let interval: Int64 = 60

    /// - Parameters:
    ///   - ledger: nil where another replica keeps it.
    ///   - identity: different for each run of each replica.
    public init(
        _ ledger: ServerLedger?, mailbox: (any RecordMailbox)?, sources: Sources, identity: String, clock: BackgroundClock, metrics: LedgerMetrics,
        logger: Logger, spans: Spans = .none
    ) {
        (self.ledger, self.mailbox, self.sources, self.identity) = (ledger, mailbox, sources, identity)
        (now, sleep, self.metrics, self.logger, self.spans) = (clock.now, clock.sleep, metrics, logger, spans)
        start = clock.now()
    }

    /// Takes note of an answer, on the way to whoever asked.
    public func observe(_ answer: AdmissionAnswer) {
        guard let trace = answer.trace, !answer.isDryRun else { return }
        let now = now()
        state.withLock { $0.tally.add(trace, at: now) }
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await BackgroundThreads.run {
                await withTaskGroup(of: Void.self) { group in
                    let (wakes, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
                    group.addTask { for await _ in self.sources.changes { signal.yield() } }
                    // Leases change hands, and times come, without a word.
                    group.addTask { while (try? await self.sleep(.seconds(5))) != nil { signal.yield() } }
                    for await _ in wakes { await work(takesTally: false) }
                    group.cancelAll()
                }
            }
        }
        // What was decided last must not go with the process.
        await work(takesTally: true)
    }

    /// One round: what is due goes where it belongs.
    func work(takesTally: Bool) async {
        takeTally(always: takesTally)
        let sight = look()
        defer { metrics.waiting.set(state.withLock { $0.queue.waiting.count }) }
        do {
            if let ledger, ledger.token != nil {
                try await keep(ledger, sight)
            } else if let mailbox {
                try await post(mailbox)
            }
            if state.withLock({ state in
                defer { state.trouble = nil }
                return state.trouble != nil
            }) {
                logger.notice("the ledger is written again")
            }
        } catch { note(error) }
    }

    private func takeTally(always: Bool) {
        let now = now()
        let lost = state.withLock { state in
            let start = state.lastTaken ?? now
            if state.lastTaken == nil { state.lastTaken = now }
            guard !state.tally.isEmpty, always || start.seconds(to: now) >= LedgerRecorder.interval else { return 0 }
            let before = state.queue.lost
            let lost = state.tally.lost
            state.batches += 1
            state.queue.add(state.tally.take(batch: "\(identity)/\(state.batches)", at: now))
            state.lastTaken = now
            return lost + state.queue.lost - before
        }
        if lost > 0 { metrics.lost.add(lost) }
    }

    /// Also while another replica writes: whoever takes over must know what was there.
    private func look() -> GrantSight? {
        guard let all = sources.all() else { return nil }
        let seen = state.withLock { state in
            // Grants may come and go without end. When one goes that was forgotten here, the ledger shows its decisions and not its end.
            if state.seen.count > Self.mostSeen { state.seen = [] }
            state.seen.formUnion(all.uids)
            return state.seen
        }
        return GrantSight(present: all.uids, unreadable: Set(all.unreadable.map { "PrivilegeGrant \($0)" }), seen: seen, start: start)
    }

    // MARK: - Keeping the ledger

    private func keep(_ ledger: ServerLedger, _ sight: GrantSight?) async throws {
        try ledger.make(at: now())
        try await catchUp(ledger)
        if let grants = sources.grants() {
            let facts = LedgerFacts(
                grants: grants, exempt: sources.exempt, sight: sight, silences: sources.silences(), model: sources.model)
            for record in facts.missing(in: state.withLock({ $0.known }), at: now()) { try await append(record, to: ledger) }
        }
        while let record = next() {
            try await append(record, to: ledger)
            state.withLock { $0.queue.done(record) }
        }
        try await mailbox?.collect { [self] entries in
            // Whoever can write the mailbox can make up denials, but no decision.
            for entry in entries where LedgerRecord.Kind(rawValue: entry.kind)?.isFact == false { try await add(entry, to: ledger) }
        }
    }

    /// Reads what others, or this replica itself, have entered. After a failure too: the entry may have reached the disk all the same.
    private func catchUp(_ ledger: ServerLedger) async throws {
        let token = ledger.token
        let (start, isKnown) = state.withLock { ($0.read, $0.readUnder == token && $0.trouble == nil) }
        guard !isKnown else { return }
        // First, so that nobody of before adds anything behind what is read.
        try await ledger.takeOver()
        var known = state.withLock { $0.known }
        let end = try ledger.read(from: start, into: &known)
        state.withLock { state in (state.known, state.read, state.readUnder) = (known, end, token) }
    }

    private func next() -> LedgerRecord? {
        let now = now()
        return state.withLock { state in
            guard !state.queue.isEmpty else { return nil }
            state.batches += 1
            return state.queue.next(batch: "\(identity)/\(state.batches)", at: now)
        }
    }

    private func append(_ record: LedgerRecord, to ledger: ServerLedger) async throws {
        guard !state.withLock({ $0.known.contains(KnownRecords.Identity(record)) }) else { return }
        if let entry = entry(of: record) { try await add(entry, to: ledger) }
    }

    /// One that can never be written must not keep the others out.
    private func entry(of record: LedgerRecord) -> Entry? {
        do throws(EntryError) { return try record.entry() } catch {
            metrics.lost.add()
            logger.error("a record is no entry", metadata: ["kind": "\(record.kind.rawValue)", "why": "\(error)"])
            state.withLock { $0.known.insert(KnownRecords.Identity(record)) }
            return nil
        }
    }

    private func add(_ entry: Entry, to ledger: ServerLedger) async throws {
        guard let one = KnownRecords.Identity(entry), !state.withLock({ $0.known.contains(one) }) else { return }
        let receipt = try await spans.within("ledger append") { span async throws(LedgerError) in
            span?.note("demarc.entry_kind", .string(entry.kind))
            return try await ledger.append(entry)
        }
        state.withLock { $0.known.insert(one) }
        metrics.size.set(Double(receipt.checkpoint.checkpoint.size))
        metrics.entries.add(1, entry.kind)
    }

    // MARK: - Handing over

    private func post(_ mailbox: any RecordMailbox) async throws {
        while true {
            let records = state.withLock { Array($0.queue.waiting.prefix(200)) }
            guard !records.isEmpty else { return }
            guard try await spans.within("ledger hand over", { _ in try await mailbox.post(records.compactMap(entry)) }) else { return }
            state.withLock { state in for record in records { state.queue.done(record) } }
        }
    }

    private func note(_ error: any Error) {
        // The lease went to another replica in the middle of it.
        if let error = error as? LedgerError, case .notWriter = error { return }
        metrics.failed(error is LedgerError ? .append : .handOver)
        let text = "\(error)"
        let isNews = state.withLock { state in
            defer { state.trouble = text }
            return state.trouble != text
        }
        if isNews { logger.error("the ledger cannot be written; it is tried again", metadata: ["error": "\(text)"]) }
    }
}
