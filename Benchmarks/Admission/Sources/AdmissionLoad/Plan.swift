import NIOCore
import NIOTLS
import Synchronization

/// When to begin, what to measure, when to stop; shared by all connections.
final class Plan: Sendable {
    private let measuresFrom: NIODeadline
    private let until: NIODeadline
    /// Whether a number of requests ends it, and how many of them are left.
    private let isCounted: Bool
    private let left: Atomic<Int>

    init(_ options: Options, start: NIODeadline) {
        measuresFrom = options.requests == nil ? start + .nanoseconds(Int64(options.warmup * 1e9)) : start
        until = options.requests == nil ? measuresFrom + .nanoseconds(Int64(options.seconds * 1e9)) : .distantFuture
        isCounted = options.requests != nil
        left = Atomic(options.requests ?? 0)
    }

    func isBegin(_ event: Any) -> Bool {
        if case .handshakeCompleted? = event as? TLSUserEvent { return true }
        return false
    }

    func takeOne(now: NIODeadline) -> Bool {
        isCounted ? left.wrappingSubtract(1, ordering: .relaxed).newValue >= 0 : now < until
    }

    func isMeasured(_ now: NIODeadline) -> Bool { now >= measuresFrom && now < until }
}
