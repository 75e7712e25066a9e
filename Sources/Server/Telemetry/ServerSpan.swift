internal import Admission
internal import HTTPTypes
internal import HummingbirdCore
internal import Traces
internal import Tracing

/// The span of a request that is answered, by OpenTelemetry's conventions for HTTP servers, and Demarc's own words below `demarc.`.
///
/// It never holds a user's name, nor anything of what an object holds.
/// https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server
struct ServerSpan: Sendable {
    private let span: any Tracing.Span

    /// nil when nothing is traced.
    /// - Parameter route: a path that is known, never one that a client made up.
    init?(_ spans: Spans, _ request: Request, route: String, _ peer: Peer) {
        guard let tracer = spans.tracer else { return nil }
        var context = ServiceContext.topLevel
        tracer.extract(request.headers, into: &context, using: FieldExtractor())
        let method = ServerSpan.methods.contains(request.method.rawValue) ? request.method.rawValue : nil
        span = tracer.startSpan("\(method ?? "HTTP") \(route)", context: context, ofKind: .server)
        span.updateAttributes { attributes in
            attributes.set("http.request.method", value: .string(method ?? "_OTHER"))
            attributes.set("http.route", value: .string(route))
            attributes.set("url.path", value: .string(route))
            attributes.set("url.scheme", value: "https")
            attributes.set("network.protocol.version", value: peer.isHTTP2 ? "2" : "1.1")
        }
    }

    /// Others are `_OTHER`, as the conventions ask: names must not be a client's to choose.
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"]

    /// Whoever reaches the port may send megabytes for a name, and spans wait in memory. Longer than any name that an API server takes.
    private static func beginning(of name: String) -> String { name.utf8.count > 256 ? String(decoding: name.utf8.prefix(256), as: UTF8.self) : name }

    /// For log lines.
    var place: SpanContext? { SpanContext.of(span.context) }

    func reviewed(_ answer: AdmissionAnswer, _ stage: AdmissionAnswer.Stage) {
        span.updateAttributes { attributes in
            attributes.set("demarc.stage", value: .string(stage.rawValue))
            attributes.set("demarc.operation", value: .string(answer.operation))
            attributes.set("demarc.resource", value: .string(ServerSpan.beginning(of: answer.resource)))
            attributes.set("demarc.namespace", value: .string(ServerSpan.beginning(of: answer.namespace)))
            attributes.set("demarc.decision", value: .string(answer.decision.rawValue))
            attributes.set("demarc.dry_run", value: .bool(answer.isDryRun))
        }
    }

    func answered(_ status: HTTPResponse.Status) {
        span.note("http.response.status_code", .int64(Int64(status.code)))
        // What a client did wrong is no fault of a server.
        if status.code >= 500 { span.fail(as: "\(status.code)") }
    }

    func failed(_ error: any Error) { span.fail(as: "\(type(of: error))") }

    func end() { span.end() }

    /// Runs `body` within it.
    func within<R, Failure: Error>(_ body: () async throws(Failure) -> R) async throws(Failure) -> R { try await span.within(body) }
}

/// Reads headers of a request. A header that came twice is none: its values stand joined, which no parser of a trace takes.
private struct FieldExtractor: Extractor {
    func extract(key: String, from fields: HTTPFields) -> String? {
        guard let name = HTTPField.Name(key) else { return nil }
        return fields[name]
    }
}
