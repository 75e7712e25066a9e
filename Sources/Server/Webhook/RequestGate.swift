internal import Synchronization

/// How many requests, and how many bytes of bodies, are there at once. What does not fit is told to come back: better than memory that runs out, after
/// which nobody is answered.
final class RequestGate: Sendable {
    private let requests = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let longReviews = Atomic<Int>(0)
    private let requestLimit: Int
    private let byteLimit: Int

    init(requests: Int, bytes: Int) { (requestLimit, byteLimit) = (requests, bytes) }

    func enter() -> Bool { RequestGate.take(1, of: requests, upTo: requestLimit) }
    func leave() { requests.wrappingSubtract(1, ordering: .relaxed) }

    /// A review that takes a hundred times as long as others must not hold more than one thread: those of small Pods have seconds.
    func enterLong() -> Bool { RequestGate.take(1, of: longReviews, upTo: 1) }
    func leaveLong() { longReviews.wrappingSubtract(1, ordering: .relaxed) }

    func reserve(_ count: Int) -> Bool { RequestGate.take(count, of: bytes, upTo: byteLimit) }
    func release(_ count: Int) { bytes.wrappingSubtract(count, ordering: .relaxed) }

    private static func take(_ count: Int, of number: borrowing Atomic<Int>, upTo limit: Int) -> Bool {
        if number.wrappingAdd(count, ordering: .relaxed).newValue <= limit { return true }
        number.wrappingSubtract(count, ordering: .relaxed)
        return false
    }
}
