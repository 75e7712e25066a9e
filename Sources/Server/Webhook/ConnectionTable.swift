internal import NIOCore
internal import Synchronization

/// How far the server is with stopping.
final class DrainState: Sendable {
    private let step = Atomic<Int>(0)

    /// It still answers everything, and says each time that the connection ends.
    var isDraining: Bool { step.load(ordering: .acquiring) > 0 }
    /// It takes no new connections.
    var isQuiescing: Bool { step.load(ordering: .acquiring) > 1 }

    func beginDraining() { _ = step.compareExchange(expected: 0, desired: 1, ordering: .acquiringAndReleasing) }
    func beginQuiescing() { step.store(2, ordering: .releasing) }
}

/// One connection, as far as others need to know of it.
final class OpenConnection: Sendable {
    let channel: any Channel
    private let requests = Atomic<Int>(0)
    private let idleSince: Atomic<UInt64>
    private let speaksHTTP2 = Atomic<Bool>(false)
    private let inFlight: Cell

    init(_ channel: any Channel, inFlight: Cell) {
        (self.channel, self.inFlight) = (channel, inFlight)
        idleSince = Atomic(NIODeadline.now().uptimeNanoseconds)
    }

    var isIdle: Bool { requests.load(ordering: .relaxed) == 0 }
    var lastUse: UInt64 { idleSince.load(ordering: .relaxed) }
    var isHTTP2: Bool { speaksHTTP2.load(ordering: .relaxed) }

    func becomesHTTP2() { speaksHTTP2.store(true, ordering: .relaxed) }

    func enter() {
        requests.wrappingAdd(1, ordering: .relaxed)
        inFlight.add(1)
    }

    func leave(_ count: Int) {
        requests.wrappingSubtract(count, ordering: .relaxed)
        inFlight.add(-count)
        idleSince.store(NIODeadline.now().uptimeNanoseconds, ordering: .relaxed)
    }
}

/// All open connections, so that their number has a limit and all hear that the server stops.
final class ConnectionTable: Sendable {
    private let open = Mutex<[ObjectIdentifier: OpenConnection]>([:])
    private let limit: Int
    private let metrics: ServerMetrics

    init(limit: Int, metrics: ServerMetrics) { (self.limit, self.metrics) = (limit, metrics) }

    /// Takes in a connection. Where there are too many, the one that was idle longest is closed for it: waiting would let whoever
    /// holds connections open keep out the API server.
    ///
    /// - Returns: nil when all of them are busy: then this one is not served.
    func add(_ channel: any Channel) -> OpenConnection? {
        let connection = OpenConnection(channel, inFlight: metrics.inFlight)
        let (isTaken, displaced) = open.withLock { open -> (Bool, OpenConnection?) in
            var displaced: OpenConnection?
            if open.count >= limit {
                displaced = open.values.lazy.filter(\.isIdle).min { $0.lastUse < $1.lastUse }
                guard let displaced else { return (false, nil) }
                open[ObjectIdentifier(displaced.channel)] = nil
            }
            open[ObjectIdentifier(channel)] = connection
            return (true, displaced)
        }
        if !isTaken || displaced != nil { metrics.connectionsClosed.add(1, "limit") }
        displaced?.channel.close(promise: nil)
        guard isTaken else { return nil }
        metrics.connections.add(1)
        channel.closeFuture.whenComplete { [self] _ in
            metrics.connections.add(-1)
            open.withLock { open in
                if open[ObjectIdentifier(channel)] === connection { open[ObjectIdentifier(channel)] = nil }
            }
        }
        return connection
    }

    /// Asks clients of HTTP/2 to go elsewhere with what they have not begun. Those of HTTP/1.1 hear it with their next answer.
    func sayGoodbye() {
        for connection in open.withLock({ Array($0.values) }) where connection.isHTTP2 {
            connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    func closeAll() {
        for connection in open.withLock({ Array($0.values) }) { connection.channel.close(promise: nil) }
    }
}
