/// What came of sending a batch.
enum ExportOutcome: Sendable, Equatable {
    /// The collector has it, but for so many that it did not want.
    case taken(rejected: Int)
    /// It may be sent again, after as long as the collector asks for.
    case again(after: Duration?, why: String)
    /// It must not be sent again.
    case refused(why: String)

    /// By the status alone. https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
    init(status: Int, retryAfter: String?) {
        switch status {
        case 200..<300: self = .taken(rejected: 0)
        case 429, 502, 503, 504:
            let seconds = retryAfter.flatMap { UInt32($0) }.map { Duration.seconds(min(Int64($0), ExportRetry.longestAsked)) }
            self = .again(after: seconds, why: "it answers \(status)")
        case 300..<400: self = .refused(why: "it answers \(status); a redirect is not followed, give the final address")
        case 401, 403: self = .refused(why: "it answers \(status); check OTEL_EXPORTER_OTLP_HEADERS")
        case 404, 405: self = .refused(why: "it answers \(status); check the path of OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        case 415: self = .refused(why: "it answers 415; it must take OTLP over HTTP in JSON")
        default: self = .refused(why: "it answers \(status)")
        }
    }
}

/// When a batch is sent again. Pure.
enum ExportRetry {
    private static let first: Duration = .milliseconds(500)
    private static let longest: Duration = .seconds(8)
    /// Who asks for more is asked again after so many seconds all the same.
    static let longestAsked: Int64 = 600

    /// - Parameters:
    ///   - attempt: how many have failed, one or more.
    ///   - asked: what the collector asks for; never less than that.
    ///   - chance: from 0 up to 1, so that replicas that were refused at once do not come back at once.
    static func delay(attempt: Int, asked: Duration?, chance: Double) -> Duration {
        if let asked { return asked + first * chance }
        return min(first * (1 << min(max(attempt - 1, 0), 10)), longest) * (0.5 + chance / 2)
    }
}
