internal import Documents

/// When a failed request is sent again. Pure: time and chance are handed in.
struct RetryPolicy: Sendable {
    /// All in all.
    var attempts = 5
    var first: Duration = .milliseconds(250)
    var longest: Duration = .seconds(8)
    /// A server that asks for more is not waited for.
    var patience: Duration = .seconds(60)

    /// How long to wait before the next attempt; nil when there is none.
    ///
    /// - Parameters:
    ///   - attempt: how many have failed, one or more.
    ///   - isIdempotent: whether the request does no harm when it had arrived. One that was turned away unread (429) never did any.
    ///   - chance: from 0 up to 1. Many clients that were refused at once must not come back at once.
    func delay(after error: ClusterError, attempt: Int, isIdempotent: Bool, chance: Double) -> Duration? {
        guard attempt < attempts, error.isTransient, isIdempotent || error.kind == .tooManyRequests else { return nil }
        let backoff = min(first * (1 << min(attempt - 1, 16)), longest)
        // Between half and all of it.
        let jittered = backoff * (0.5 + chance / 2)
        guard let asked = error.retryAfter else { return jittered }
        guard asked <= patience else { return nil }
        // Never before what was asked for.
        return asked + first * chance
    }

    /// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. nil for anything else.
    static func retryAfter(_ header: String, now: Timestamp) -> Duration? {
        if let seconds = Int64(header), header.utf8.first != UInt8(ascii: "+") {
            return seconds >= 0 ? .seconds(min(seconds, 86_400)) : nil
        }
        guard let date = httpDate(header) else { return nil }
        return .seconds(min(max(date.secondsSinceEpoch - now.secondsSinceEpoch, 0), 86_400))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that senders may write.
    private static func httpDate(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: words[2]), let day = Int(words[1]), let year = Int(words[3])
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        return Timestamp(year, month + 1, day, time[0], time[1], time[2])
    }

    private static let months: [Substring] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

/// How fast a client may ask: so many at once, then so many a second. Pure: the time is handed in.
public struct TokenBucket: Sendable {
    let rate: Double
    let burst: Double
    private var tokens: Double
    /// Seconds on the clock of the caller.
    private var last: Double = 0

    public init(rate: Double, burst: Double) {
        (self.rate, self.burst, tokens) = (rate, burst, burst)
    }

    /// Takes a token, in advance where there is none.
    /// - Returns: seconds to wait before making use of it.
    public mutating func take(at now: Double) -> Double {
        tokens = min(burst, tokens + max(0, now - last) * rate)
        last = max(last, now)
        tokens -= 1
        return tokens >= 0 ? 0 : -tokens / rate
    }
}
