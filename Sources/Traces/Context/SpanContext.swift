public import Tracing

/// Where a span stands: its trace, itself, and whether anybody keeps it. What the headers `traceparent` and `tracestate` carry.
///
/// https://www.w3.org/TR/trace-context/
public struct SpanContext: Sendable, Equatable {
    public let traceID: TraceID
    public let spanID: SpanID
    public let isSampled: Bool
    /// Whether the trace's number says of itself that it is random. Passed on as it came.
    let isRandom: Bool
    /// What other systems of tracing add.
    let state: TraceState
    /// Whether it came from another process.
    let isRemote: Bool

    init(traceID: TraceID, spanID: SpanID, isSampled: Bool, isRandom: Bool = false, state: TraceState = TraceState(), isRemote: Bool = false) {
        (self.traceID, self.spanID, self.isSampled) = (traceID, spanID, isSampled)
        (self.isRandom, self.state, self.isRemote) = (isRandom, state, isRemote)
    }

    /// - Parameter parent: the header `traceparent`.
    /// - Returns: nil for what is no such header: then there is no trace, as the standard asks.
    public init?(parent: String, state: String? = nil) {
        let bytes = Array(parent.utf8)
        let hyphen = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes.count <= SpanContext.longest, bytes[2] == hyphen, bytes[35] == hyphen, bytes[52] == hyphen,
            let version = Hexadecimal.number(bytes[0..<2]), version != 0xFF,
            let high = Hexadecimal.number(bytes[3..<19]), let low = Hexadecimal.number(bytes[19..<35]), let trace = TraceID(high: high, low: low),
            let span = Hexadecimal.number(bytes[36..<52]).flatMap(SpanID.init), let flags = Hexadecimal.number(bytes[53..<55])
        else { return nil }
        // Version 00 ends here; later ones may say more, behind a hyphen.
        guard bytes.count == 55 || (version > 0 && bytes[55] == hyphen) else { return nil }
        self.init(
            traceID: trace, spanID: span, isSampled: flags & 1 == 1, isRandom: flags & 2 == 2, state: TraceState(state ?? ""), isRemote: true)
    }

    /// A later version may be longer, but not as long as somebody likes.
    private static let longest = 512

    /// Flags of version 00 that are known; others must not be passed on.
    var flags: UInt8 { (isSampled ? 1 : 0) | (isRandom ? 2 : 0) }

    /// The header `traceparent` for whoever is asked next.
    public var parent: String { "00-\(traceID)-\(spanID)-0\(flags)" }

    // MARK: - Beside the task

    private enum Key: ServiceContextKey {
        typealias Value = SpanContext
        static var nameOverride: String? { "demarc-span" }
    }

    /// That of a task, if there is any.
    public static func of(_ context: ServiceContext?) -> SpanContext? { context?[Key.self] }

    /// Puts it into the context of a task.
    func enter(_ context: inout ServiceContext) { context[Key.self] = self }
}
