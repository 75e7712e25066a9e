import Synchronization
import Testing
import Tracing

@testable import Traces

/// Spans that begin, end, and belong together.
struct SpanTracerTests {
    /// Keeps what ends.
    private final class Kept: Sendable {
        let spans = Mutex<[FinishedSpan]>([])
        var all: [FinishedSpan] { spans.withLock { $0 } }

        func tracer(_ sampler: Sampler = .standard) -> SpanTracer { SpanTracer(sampler) { span in self.spans.withLock { $0.append(span) } } }
    }

    private struct Headers: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    }

    private struct Refused: Error, CustomStringConvertible { var description: String { "hunter2" } }

    private func context(_ tracer: SpanTracer, sampled: Bool = true) -> ServiceContext {
        var context = ServiceContext.topLevel
        let parent = "00-\(SpanContextTests.trace)-\(SpanContextTests.span)-0\(sampled ? 1 : 0)"
        tracer.extract(["traceparent": parent, "tracestate": "a=1"], into: &context, using: Headers())
        return context
    }

    @Test func oneTraceFromTheCallerToTheNext() async throws {
        let kept = Kept()
        let tracer = kept.tracer()
        let spans = Spans(tracer)
        let sent = await spans.within("outer", ofKind: .server, in: context(tracer)) { span async in
            span?.note("a", "b")
            return await spans.within("inner", ofKind: .client) { span async in
                var headers: [String: String] = [:]
                if let span { tracer.inject(span.context, into: &headers, using: Headers()) }
                return headers
            }
        }
        let (inner, outer) = (try #require(kept.all.first), try #require(kept.all.last))
        #expect(kept.all.map(\.name) == ["inner", "outer"] && kept.all.allSatisfy { $0.context.traceID.description == SpanContextTests.trace })
        #expect(outer.parent?.spanID.description == SpanContextTests.span && outer.parent?.isRemote == true)
        #expect(inner.parent?.spanID == outer.context.spanID && inner.parent?.isRemote == false && inner.context.spanID != outer.context.spanID)
        #expect(sent == ["traceparent": "00-\(SpanContextTests.trace)-\(inner.context.spanID)-01", "tracestate": "a=1"])
        #expect(outer.attributes.get("a") == "b" && inner.kind == .client && inner.end >= inner.start)
    }

    /// Nothing is kept, but whoever is asked next learns that.
    @Test func whatIsNotKeptIsStillPassedOn() async throws {
        let kept = Kept()
        let tracer = kept.tracer()
        var headers: [String: String] = [:]
        await Spans(tracer).within("outer", in: context(tracer, sampled: false)) { span async in
            #expect(span?.isRecording == false)
            span?.note("a", "b")
            #expect(span?.attributes.isEmpty == true)
            if let span { tracer.inject(span.context, into: &headers, using: Headers()) }
        }
        #expect(kept.all.isEmpty && headers["traceparent"]?.hasPrefix("00-\(SpanContextTests.trace)-") == true)
        #expect(headers["traceparent"]?.hasSuffix("-00") == true && headers["traceparent"]?.contains(SpanContextTests.span) == false)
    }

    @Test func withoutATracerThereIsNothing() async throws {
        #expect(Spans.none.isOff)
        let result = await Spans.none.within("x") { span async in (span == nil, ServiceContext.current == nil) }
        #expect(result == (true, true))
        #expect(Spans.none.within("x") { span in span == nil && ServiceContext.current == nil })
    }

    /// An error comes out as it is; of its words nothing is noted, for they may quote what somebody sent.
    @Test func errorsKeepTheirTypeAndTheirSecrets() async throws {
        let kept = Kept()
        let spans = Spans(kept.tracer())
        await #expect(throws: Refused.self) { try await spans.within("x") { (_) async throws(Refused) -> Void in throw Refused() } }
        #expect(throws: Refused.self) { try spans.within("y") { (_) throws(Refused) -> Void in throw Refused() } }
        let span: any Tracing.Span = kept.tracer().startSpan("z")
        span.recordError(Refused())
        span.fail(as: "503")
        span.fail(as: "later")
        span.end()
        #expect(kept.all.map(\.status?.code) == [.error, .error, .error])
        #expect(kept.all.map { $0.attributes.get("error.type") } == ["Refused", "Refused", "503"])
        #expect(kept.all.last?.events.map(\.name) == ["exception"] && kept.all.last?.events.first?.attributes.get("exception.type") == "Refused")
        #expect(!String(decoding: OTLPText.request(kept.all, resource: [], version: "1"), as: UTF8.self).contains("hunter2"))
    }

    @Test func aSpanEndsOnceAndIsBounded() {
        let kept = Kept()
        let span: any Tracing.Span = kept.tracer().startSpan("x")
        for number in 0..<200 { span.addEvent(SpanEvent(name: "\(number)")) }
        for _ in 0..<200 { span.addLink(SpanLink(context: span.context, attributes: [:])) }
        span.addLink(SpanLink(context: .topLevel, attributes: [:]))
        span.operationName = "y"
        span.setStatus(SpanStatus(code: .ok))
        span.setStatus(SpanStatus(code: .error))
        span.end(at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 1))
        span.end()
        span.note("late", "x")
        #expect(kept.all.count == 1 && kept.all[0].name == "y" && kept.all[0].events.count == 128 && kept.all[0].status?.code == .ok)
        #expect(kept.all[0].dropped == FinishedSpan.Dropped(events: 72, links: 72) && kept.all[0].attributes.isEmpty)
        // The wall clock went back.
        #expect(kept.all[0].end == kept.all[0].start)
    }

    /// Two headers, or a broken one, begin a new trace.
    @Test func aBrokenCallerBeginsANewTrace() throws {
        let kept = Kept()
        let tracer = kept.tracer()
        var context = ServiceContext.topLevel
        tracer.extract(["traceparent": "00-x", "tracestate": "a=1"], into: &context, using: Headers())
        tracer.startSpan("x", context: context).end()
        let span = try #require(kept.all.first)
        #expect(span.parent == nil && span.context.state == TraceState() && span.context.isSampled)
    }
}
