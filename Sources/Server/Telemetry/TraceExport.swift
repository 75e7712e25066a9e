public import Logging
public import ServiceLifecycle
public import Traces
internal import Tracing

/// The tracing of a server: where its spans come from, what sends them, and what is counted of it.
public struct TraceExport: Sendable {
    public let spans: Spans
    /// To run before all others, so that it ends last; empty when nothing is traced.
    public let services: [any Service]
    private let queue: SpanQueue?
    private let exporter: SpanExporter?

    /// - Parameter settings: nil traces nothing.
    public init(_ settings: TracingSettings?, logger: Logger) {
        guard let settings else {
            (spans, services, queue, exporter) = (.none, [], nil, nil)
            return
        }
        let queue = SpanQueue(settings.limits)
        let exporter = SpanExporter(settings, queue, logger: logger)
        (self.queue, self.exporter, services) = (queue, exporter, [exporter])
        spans = Spans(SpanTracer(settings.sampler) { queue.add($0) })
    }

    /// Shows what became of the spans. Without tracing there is no such metric.
    public func register(_ registry: MetricRegistry) {
        guard let queue, let exporter else { return }
        registry.add(
            AskedMetric("demarc_trace_spans_total", "Spans that ended, by what became of them.", .counter, labels: ["result"]) {
                let tally = exporter.tally
                return [("sent", tally.sent), ("rejected", tally.rejected), ("failed", tally.failed), ("dropped", queue.dropped)].map {
                    AskedMetric.Sample(Double($0.1), [$0.0])
                }
            })
        registry.add(AskedMetric("demarc_trace_spans_waiting", "Spans that wait to be sent.") { [.init(Double(queue.count))] })
    }

    /// The trace and the span in whose course a line is logged. Asked for lines that are written only.
    public static let metadata = Logger.MetadataProvider {
        guard let place = SpanContext.of(.current) else { return [:] }
        return ["trace_id": "\(place.traceID)", "span_id": "\(place.spanID)"]
    }
}
