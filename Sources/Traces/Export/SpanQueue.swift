internal import Synchronization

/// Spans that wait to be exported: at most so many. Adding never waits; what finds no place is counted and gone.
public final class SpanQueue: Sendable {
    private struct State {
        var waiting: [FinishedSpan] = []
        var dropped = 0
    }

    /// Says that a batch is full.
    let wakes: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let limit: Int
    private let batch: Int
    private let state = Mutex(State())

    public init(_ limits: BatchLimits) {
        (limit, batch) = (limits.queue, limits.batch)
        (wakes, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How many have found no place so far.
    public var dropped: Int { state.withLock { $0.dropped } }
    /// How many wait.
    public var count: Int { state.withLock { $0.waiting.count } }

    public func add(_ span: FinishedSpan) {
        let isFull = state.withLock { state in
            guard state.waiting.count < limit else {
                state.dropped += 1
                return false
            }
            state.waiting.append(span)
            return state.waiting.count == batch
        }
        if isFull { signal.yield() }
    }

    /// Takes out the oldest, up to a batch.
    func take() -> [FinishedSpan] {
        state.withLock { state in
            let taken = Array(state.waiting.prefix(batch))
            state.waiting.removeFirst(taken.count)
            return taken
        }
    }

    /// What could not be sent goes back to the front, where there is still room.
    func putBack(_ spans: [FinishedSpan]) {
        state.withLock { state in
            let room = max(0, limit - state.waiting.count)
            state.dropped += max(0, spans.count - room)
            state.waiting.insert(contentsOf: spans.prefix(room), at: 0)
        }
    }

    /// Asks for whatever waits to be sent.
    func wake() { signal.yield() }
}

/// How many spans are kept and sent at once, by the names and defaults of `OTEL_BSP_…`.
/// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#batch-span-processor
public struct BatchLimits: Sendable, Equatable {
    /// The longest that a span waits in a batch that does not fill.
    public var delay: Duration = .seconds(5)
    /// For one batch, all attempts together.
    public var timeout: Duration = .seconds(30)
    public var queue = 2_048
    public var batch = 512

    public init() {}
}
