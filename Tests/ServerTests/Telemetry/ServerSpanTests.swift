import Admission
import Logging
import Synchronization
import Testing
import Traces
import Tracing

@testable import Server

/// Spans of requests that are answered.
@Suite struct ServerSpanTests {
    /// Runs a server whose spans are kept, and hands them over once it has stopped.
    private func spans(
        review: @escaping @Sendable (Spans) -> ReviewHandler = { _ in { (_, _) async throws(ReviewFault) in TestServer.answer(.deny) } },
        during body: @Sendable (TestServer) async throws -> Void
    ) async throws -> (spans: [FinishedSpan], log: String) {
        let kept = Finished()
        let settings = try #require(TracingSettings.read(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:1"], version: "1").settings)
        let spans = Spans(SpanTracer(settings.sampler) { kept.take($0) })
        let route = APIRoute("GET", "/demarc/v1/things/") { _ in APIAnswer(status: 500, text: "broken") }
        let log = try await TestServer.running(routes: [route], review: review(spans), spans: spans) { server in
            try await body(server)
            return server.log
        }
        return (kept.all, log.text)
    }

    private final class Finished: Sendable {
        private let spans = Mutex<[FinishedSpan]>([])
        var all: [FinishedSpan] { spans.withLock { $0 } }
        func take(_ span: FinishedSpan) { spans.withLock { $0.append(span) } }
    }

    private func status(_ server: TestServer, _ request: String) async throws -> Int? {
        try await RawConnection.open(server.port) { connection in
            try await connection.send(request)
            return try await connection.answer()?.status
        }
    }

    @Test func whatIsJudgedBelongsToTheRequest() async throws {
        let (spans, log) = try await spans { spans in
            { (_, _) async throws(ReviewFault) in await spans.within("inner") { _ async in TestServer.answer(.deny) } }
        } during: { (server) async throws in
            #expect(
                try await status(server, RawRequest.post(body: "{}", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")) == 200)
        }
        #expect(spans.map(\.name) == ["inner", "POST /validate"])
        let server = try #require(spans.last)
        #expect(spans[0].parent?.spanID == server.context.spanID && server.parent?.spanID.description == "b7ad6b7169203331" && server.kind == .server)
        #expect(server.attributes.get("network.protocol.version") == "1.1" && server.attributes.get("demarc.decision") == "deny")
        #expect(log.contains(#""span_id":"\#(server.context.spanID)","stage":"validate","trace_id":"0af7651916cd43dd8448eb211c80319c""#))
    }

    /// A path that a client made up is nobody's route, and its method has no name of its own.
    @Test func whatIsRefused() async throws {
        let (spans, _) = try await spans(during: { (server) async throws in
            #expect(try await status(server, RawRequest.get("/made-up/path")) == 404)
            #expect(try await status(server, RawRequest.get("/healthz")) == 200)
            #expect(try await status(server, RawRequest.get("/demarc/v1/things/made-up", "Authorization: Bearer good")) == 500)
            #expect(try await status(server, RawRequest.get("/demarc/v1/things/made-up")) == 401)
            #expect(try await status(server, "PURGE /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n") == 405)
        })
        #expect(spans.map(\.name) == ["GET /demarc/v1/things/", "GET /demarc/v1/things/", "HTTP /validate"])
        #expect(spans.map { $0.attributes.get("http.response.status_code") } == [.int64(500), .int64(401), .int64(405)])
        #expect(spans.map { $0.attributes.get("http.request.method") } == ["GET", "GET", "_OTHER"])
        #expect(spans.map(\.status?.code) == [.error, nil, nil] && !"\(spans)".contains("made-up"))
    }

    /// Lines that are logged in the course of a span say so; all others say nothing.
    @Test func logLinesNameTheirSpan() throws {
        let catcher = LogCatcher()
        let logger = Logger(label: "x") { label in
            var lines = LogLines(label: label, format: .json, level: .info, write: catcher.take)
            lines.metadataProvider = TraceExport.metadata
            return lines
        }
        let kept = Finished()
        let settings = try #require(TracingSettings.read(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:1"], version: "1").settings)
        Spans(SpanTracer(settings.sampler) { kept.take($0) }).within("x") { _ in logger.info("within") }
        logger.info("outside")
        let span = try #require(kept.all.first).context
        let lines = catcher.text.split(separator: "\n")
        #expect(lines[0].contains(#""span_id":"\#(span.spanID)","trace_id":"\#(span.traceID)""#) && !lines[1].contains("trace_id"))
    }

    @Test func withoutSettingsThereIsNothing() {
        let export = TraceExport(nil, logger: Logger(label: "x") { _ in SwiftLogNoOpLogHandler() })
        let registry = MetricRegistry()
        export.register(registry)
        #expect(export.spans.isOff && export.services.isEmpty && registry.names.isEmpty)
    }
}
