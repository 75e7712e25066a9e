internal import NIOCore

/// What happens between a client and the server on one connection, or on one stream of HTTP/2: which request is read, which answer is due, and
/// by when. Pure; `ExchangeHandler` does what it says.
struct ExchangeState {
    enum Waiting: Equatable {
        /// The body of the request being read is late: it is answered with 408.
        case bodyTooLate
        /// Nobody is to be waited for any longer.
        case tooLong
        /// Not yet.
        case until(NIODeadline)
    }

    enum Ending: Equatable {
        case goOn
        /// The last answer is out, and the client may still be sending.
        case linger
    }

    private let settings: WebhookSettings
    private let isHTTP2: Bool
    /// Requests whose head came and whose answer is not yet out.
    private(set) var pending = 0
    /// A head came, its end did not.
    private(set) var isReceiving = false
    /// No request after the ones pending: the client said so, or closed its side.
    private(set) var isLast = false
    /// The answer that is being written says that the connection ends.
    private var isEnding = false
    private(set) var isLingering = false
    private var isLate = false
    private var wasUsed = false
    private var since: NIODeadline

    init(_ settings: WebhookSettings, isHTTP2: Bool, now: NIODeadline) {
        (self.settings, self.isHTTP2, since) = (settings, isHTTP2, now)
    }

    // MARK: - What comes in

    /// - Returns: whether somebody still wants to know of it.
    mutating func head(asksToClose: Bool, now: NIODeadline) -> Bool {
        guard !isLingering, !isLast else { return false }
        (pending, isReceiving, isLast, isLate, wasUsed, since) = (pending + 1, true, asksToClose, false, true, now)
        return true
    }

    /// Parts behind the last request belong to nobody.
    var takesBody: Bool { !isLingering && isReceiving }

    mutating func end(now: NIODeadline) -> Bool {
        guard isReceiving else { return false }
        isReceiving = false
        since = now
        return !isLingering
    }

    /// The client closed its side.
    ///
    /// - Returns: whether nothing is left to say.
    mutating func inputClosed() -> Bool {
        isLast = true
        isReceiving = false
        return pending == 0
    }

    /// The server wants to close.
    mutating func quiesce(now: NIODeadline) -> Ending {
        isLast = true
        guard pending == 0, !isLingering else { return .goOn }
        (isLingering, since) = (true, now)
        return .linger
    }

    // MARK: - What goes out

    /// - Parameters:
    ///   - saysClose: the answer itself asks for the end, as those do that do not wait for the rest of a body.
    ///   - isDraining: the server is about to stop.
    /// - Returns: whether the answer must say `Connection: close`. Requests that were sent ahead are answered first.
    mutating func answer(saysClose: Bool, isDraining: Bool) -> Bool {
        isEnding = saysClose || (pending <= 1 && (isDraining || (isLast && !isReceiving)))
        return isEnding
    }

    mutating func answered(now: NIODeadline) -> Ending {
        pending = max(0, pending - 1)
        since = now
        // An answer that came before its request was read to the end: what follows is not looked at.
        let isUnread = pending == 0 && isReceiving
        guard isEnding || isUnread || (isLast && pending == 0) else { return .goOn }
        // A stream ends by itself when both sides have said all.
        if isHTTP2, !isUnread { return .goOn }
        isLingering = true
        return .linger
    }

    // MARK: - Time

    /// What time it is for, and when to look again.
    mutating func waiting(now: NIODeadline) -> Waiting {
        let deadline = deadline
        guard now >= deadline else { return .until(deadline) }
        guard isReceiving, !isLingering, !isLate else { return .tooLong }
        isLate = true
        since = now
        return .bodyTooLate
    }

    var deadline: NIODeadline {
        if isLingering { return since + settings.lingerTime }
        if isLate { return since + settings.lingerTime }
        if isReceiving { return since + settings.bodyTime }
        if pending > 0 { return since + settings.answerTime }
        return since + (wasUsed ? settings.idleTime : settings.firstRequestTime)
    }
}
