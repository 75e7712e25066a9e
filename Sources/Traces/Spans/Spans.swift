public import Tracing

/// Where rooms get their spans from. Without a tracer there are none, and nothing is done for them.
///
/// It is handed to whoever needs it, and not kept for the whole process: so a server that traces nothing asks one question for each place where
/// a span could begin, touches no local of the task, and allocates nothing.
public struct Spans: Sendable {
    /// nil when nothing is traced.
    public let tracer: (any Tracer)?

    public init(_ tracer: (any Tracer)?) { self.tracer = tracer }

    /// Nothing is traced.
    public static let none = Spans(nil)

    public var isOff: Bool { tracer == nil }

    /// Runs `body` within a span, and passes on what it throws as it is. Of an error only its type is noted.
    ///
    /// - Parameter body: gets the span; nil when nothing is traced.
    public func within<R, Failure: Error>(
        _ name: String, ofKind kind: SpanKind = .internal, in context: ServiceContext? = nil,
        _ body: ((any Span)?) async throws(Failure) -> R
    ) async throws(Failure) -> R {
        guard let tracer else { return try await body(nil) }
        let span: any Span = tracer.startSpan(name, context: context ?? .current ?? .topLevel, ofKind: kind)
        defer { span.end() }
        do throws(Failure) {
            return try await span.within { () async throws(Failure) in try await body(span) }
        } catch {
            span.fail(as: "\(type(of: error))")
            throw error
        }
    }

    /// The same for what does not wait.
    public func within<R, Failure: Error>(
        _ name: String, ofKind kind: SpanKind = .internal, _ body: ((any Span)?) throws(Failure) -> R
    ) throws(Failure) -> R {
        guard let tracer else { return try body(nil) }
        let span: any Span = tracer.startSpan(name, context: .current ?? .topLevel, ofKind: kind)
        defer { span.end() }
        let result: Result<R, Failure> = ServiceContext.withValue(span.context) {
            do throws(Failure) { return .success(try body(span)) } catch { return .failure(error) }
        }
        if case .failure(let error) = result { span.fail(as: "\(type(of: error))") }
        return try result.get()
    }
}

extension Span {
    /// Runs `body` with what it does as this span's: `ServiceContext.withValue`, for errors that have a type.
    public func within<R, Failure: Error>(_ body: () async throws(Failure) -> R) async throws(Failure) -> R {
        let result: Result<R, Failure> = await ServiceContext.withValue(context) {
            do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Notes an attribute.
    public func note(_ key: String, _ value: SpanAttribute) { updateAttributes { $0.set(key, value: value) } }

    /// Says that it failed, and by what kind of error: `error.type` has few values. What was said first stays: it is nearer to the cause.
    /// https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/
    public func fail(as type: String) {
        setStatus(SpanStatus(code: .error))
        updateAttributes { attributes in
            if attributes.get("error.type") == nil { attributes.set("error.type", value: .string(type)) }
        }
    }
}
