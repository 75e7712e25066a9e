internal import Blame
internal import Documents
internal import FoundationEssentials
internal import Kubernetes
internal import Logging
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What the audit events of a server's folder prove about the objects of its cluster: read at the start, and kept up as events come.
final class AuditTrail: Sendable {
    /// Events that are stored, and not taken yet.
    private struct Queue {
        var lines: [(file: String, first: Int, lines: [[UInt8]])] = []
        var bytes = 0
        /// There was no room for some: what was taken before is not the whole.
        var isTorn = false
    }

    /// What others ask, apart from what is being worked on: reviews must not wait for a file that is read.
    private struct Shown {
        var isCaughtUp = false
        /// The record of the last pass.
        var writes: AuditedWrites?
        var (count, bytes, dropped) = (0, 0, 0)
        /// Histories that had been dropped when that was said last.
        var saidDropped = 0
    }

    private let histories: Mutex<LiveHistories>
    private let queue = Mutex(Queue())
    private let shown = Mutex(Shown())
    private let store: AuditStore
    private let logger: Logger
    private let signal: AsyncStream<Void>.Continuation
    private let news: AsyncStream<Void>

    /// Of events that wait while files are read, or a pass asks.
    private let mostQueuedBytes: Int
    private static let chunk = 1 << 20

    /// - Parameter kinds: whose objects are judged.
    init(
        _ store: AuditStore, kinds: Set<String>, limits: LiveHistories.Limits = LiveHistories.Limits(), mostQueuedBytes: Int = 32 << 20,
        registry: MetricRegistry, logger: Logger
    ) {
        (self.store, self.logger, self.mostQueuedBytes) = (store, logger, mostQueuedBytes)
        histories = Mutex(LiveHistories(kinds: kinds, limits: limits))
        (news, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        ask(registry, "demarc_audit_histories", "Objects of which audit events tell who wrote what.") { $0.count }
        ask(registry, "demarc_audit_history_bytes", "Memory that these take, about.") { $0.bytes }
        ask(
            registry, "demarc_audit_histories_dropped_total",
            "Histories whose beginning was dropped, since there was no room or an event came too late.", .counter
        ) { $0.dropped }
    }

    private func ask(
        _ registry: MetricRegistry, _ name: String, _ help: String, _ kind: MetricKind = .gauge, _ figure: @escaping @Sendable (Shown) -> Int
    ) {
        registry.add(
            AskedMetric(name, help, kind, labels: [], limit: 1) { [weak self] in
                self.map { trail in [AskedMetric.Sample(Double(trail.shown.withLock { figure($0) }))] } ?? []
            })
    }

    /// Whether all that was stored at the start is known. Before that a report would say less than a moment later.
    var isCaughtUp: Bool { shown.withLock(\.isCaughtUp) }

    /// What is proven about the objects of an estate, at this moment.
    func writes(for inventory: Inventory) -> AuditedWrites {
        let writes = AuditedWrites(histories.withLock(\.moment), inventory: inventory)
        shown.withLock { $0.writes = writes }
        return writes
    }

    /// The same as of the last pass, for objects that come in; nil before the first.
    var latest: AuditedWrites? { shown.withLock(\.writes)?.anew }

    /// Forgets what the cluster has no more.
    func keep(_ inventory: Inventory, at now: Timestamp) { work { $0.keep(inventory, at: now) } }

    /// Changes the histories, and tells of it.
    private func work<R>(_ body: (inout LiveHistories) -> R) -> R {
        let (result, count, bytes, dropped) = histories.withLock { histories in
            let result = body(&histories)
            return (result, histories.count, histories.bytes, histories.dropped)
        }
        let news = shown.withLock { shown in
            (shown.count, shown.bytes, shown.dropped) = (count, bytes, dropped)
            defer { shown.saidDropped = max(shown.saidDropped, dropped) }
            return dropped - shown.saidDropped
        }
        if news > 0 {
            logger.warning(
                "histories of objects were dropped; nothing is proven by what they told",
                metadata: ["histories": "\(news)", "dropped": "\(dropped)"])
        }
        return result
    }

    /// Reads what is stored, and then what comes.
    /// - Parameter changed: told in which namespaces somebody else may be the author of something now; nil for all.
    func run(_ changed: @Sendable (Set<String>?) -> Void) async {
        let stored = await store.follow { [self] file, first, lines in put(file, first, lines) }
        for file in stored where !Task.isCancelled { read(file) }
        shown.withLock { $0.isCaughtUp = true }
        logger.info("audit events read", metadata: ["files": "\(stored.count)", "objects": "\(shown.withLock(\.count))"])
        changed(nil)
        signal.yield()
        for await _ in news { takeQueue(changed) }
    }

    private func put(_ file: String, _ first: Int, _ lines: [[UInt8]]) {
        queue.withLock { queue in
            let bytes = lines.reduce(0) { $0 + $1.count }
            guard !queue.isTorn, queue.bytes + bytes <= mostQueuedBytes else {
                queue = Queue(isTorn: true)
                return
            }
            queue.lines.append((file, first, lines))
            queue.bytes += bytes
        }
        signal.yield()
    }

    private func takeQueue(_ changed: @Sendable (Set<String>?) -> Void) {
        let taken = queue.withLock { queue in
            defer { queue = Queue() }
            return queue
        }
        if taken.isTorn { work { $0.clear() } }
        var namespaces: Set<String> = []
        // One after another: a pass asks meanwhile.
        for (file, first, lines) in taken.lines {
            namespaces.formUnion(work { $0.take(lines.map { $0[...] }, of: file, first: first) })
        }
        if taken.isTorn { changed(nil) } else if !namespaces.isEmpty { changed(namespaces) }
    }

    /// Reads a file as far as it was stored when somebody began to listen.
    private func read(_ file: AuditStore.Stored) {
        let descriptor = open(file.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            logger.warning("audit events cannot be read", metadata: ["file": "\(file.name)", "why": "\(String(cString: strerror(errno)))"])
            return
        }
        defer { close(descriptor) }
        var (rest, left, line): ([UInt8], Int, Int) = ([], file.bytes, 1)
        var room = [UInt8](repeating: 0, count: AuditTrail.chunk)
        while left > 0 {
            let count = room.withUnsafeMutableBytes { bytes in
                #if canImport(Glibc)
                    Glibc.read(descriptor, bytes.baseAddress, min(left, bytes.count))
                #else
                    Musl.read(descriptor, bytes.baseAddress, min(left, bytes.count))
                #endif
            }
            guard count > 0 else { break }
            left -= count
            rest += room[..<count]
            guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            let lines = rest[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            _ = work { $0.take(lines, of: file.name, first: line) }
            line += lines.count
            rest = Array(rest[(end + 1)...])
        }
    }
}
