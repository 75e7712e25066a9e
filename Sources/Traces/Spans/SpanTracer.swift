public import Tracing

/// Begins spans, and hands those that are kept to whoever exports them.
///
/// A span that is not kept costs its identity and no more: nothing of it is remembered, but whoever is asked next learns of the decision.
public final class SpanTracer: Tracer {
    private let sampler: Sampler
    private let finish: @Sendable (FinishedSpan) -> Void

    /// - Parameter finish: takes each span that ended and is kept. Called where the span ends, so it must not wait.
    public init(_ sampler: Sampler, finish: @escaping @Sendable (FinishedSpan) -> Void) {
        (self.sampler, self.finish) = (sampler, finish)
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind, at instant: @autoclosure () -> Instant,
        function: String, file fileID: String, line: UInt
    ) -> LiveSpan {
        var context = context()
        let parent = SpanContext.of(context)
        let trace = parent?.traceID ?? .random()
        let isKept = sampler.keeps(trace, parent: parent)
        let own = SpanContext(
            traceID: trace, spanID: .random(), isSampled: isKept, isRandom: parent?.isRandom ?? false, state: parent?.state ?? TraceState())
        own.enter(&context)
        return LiveSpan(
            operationName, kind, own, context: context, parent: parent, start: instant().nanosecondsSinceEpoch, finish: isKept ? finish : nil)
    }

    /// Reads `traceparent` and `tracestate`.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: "traceparent", from: carrier),
            let remote = SpanContext(parent: parent, state: extractor.extract(key: "tracestate", from: carrier))
        else { return }
        remote.enter(&context)
    }

    /// Writes `traceparent`, and `tracestate` where there is one.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let own = SpanContext.of(context) else { return }
        injector.inject(own.parent, forKey: "traceparent", into: &carrier)
        if !own.state.text.isEmpty { injector.inject(own.state.text, forKey: "tracestate", into: &carrier) }
    }

    /// Part of the protocol; spans leave by themselves.
    public func forceFlush() {}
}
