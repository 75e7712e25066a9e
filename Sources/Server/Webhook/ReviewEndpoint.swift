internal import Admission
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import Traces

/// `/mutate` and `/validate`: a review in, an answer out.
struct ReviewEndpoint: Sendable {
    let handler: ReviewHandler
    let reader: RequestReader
    let gate: RequestGate
    let metrics: ServerMetrics
    let logger: Logger
    let spans: Spans
    /// Whether the client must show a certificate.
    let asksForCertificate: Bool

    /// Reviews of Pods have some ten KB; this takes some thirty milliseconds.
    private static let longBody = 512 << 10

    @concurrent
    func answer(
        _ stage: AdmissionAnswer.Stage, _ request: Request, _ writer: borrowing ResponseWriter, _ peer: Peer
    ) async throws -> Answer {
        let span = ServerSpan(spans, request, route: stage == .validate ? "/validate" : "/mutate", peer)
        defer { span?.end() }
        do {
            let answer = try await answer(stage, request, writer, peer, span)
            span?.answered(answer.status)
            return answer
        } catch {
            span?.failed(error)
            throw error
        }
    }

    @concurrent
    private func answer(
        _ stage: AdmissionAnswer.Stage, _ request: Request, _ writer: borrowing ResponseWriter, _ peer: Peer, _ span: ServerSpan?
    ) async throws -> Answer {
        do {
            guard request.method == .post else {
                var answer = Answer.refusal(.methodNotAllowed, "only POST is answered here", ends: true)
                answer.fields[.allow] = "POST"
                throw Refusal(answer: answer, reason: .method)
            }
            guard peer.isVouchedFor || !asksForCertificate else {
                let text = "a client certificate is needed here; give the API server one that the authority of --client-ca signed"
                throw Refusal(answer: .refusal(.forbidden, text, ends: true), reason: .forbidden)
            }
            try RequestReader.checkJSON(request.headers)
            // What other connections of this thread have sent meanwhile is read first, then all of it is decided, then all of it is answered: reading,
            // deciding and writing each fill the processor's caches, and taking turns at every request they cost half as much again.
            let answer = try await reader.withBody(of: request, writer) { body in
                await Task.yield()
                // Only whole requests take a place: whoever sends slowly would hold one for seconds.
                guard gate.enter() else {
                    throw Refusal(answer: .busy(.tooManyRequests, "too many reviews at once; ask again"), reason: .busy)
                }
                defer { gate.leave() }
                guard body.count > ReviewEndpoint.longBody else { return try await review(stage, body, request.headers, span) }
                guard gate.enterLong() else {
                    throw Refusal(answer: .busy(.tooManyRequests, "another review as long as this is being decided; ask again"), reason: .busy)
                }
                defer { gate.leaveLong() }
                return try await review(stage, body, request.headers, span)
            }
            await Task.yield()
            return answer
        } catch let refusal as Refusal {
            metrics.refused.add(1, stage.rawValue, refusal.reason.rawValue)
            return refusal.answer
        }
    }

    private func review(
        _ stage: AdmissionAnswer.Stage, _ body: [UInt8], _ fields: HTTPFields, _ span: ServerSpan?
    ) async throws(Refusal) -> Answer {
        let start = ContinuousClock.now
        do {
            let answer = try await judged(stage, body, span)
            let time = ContinuousClock.now - start
            metrics.count(answer, stage, took: time)
            if answer.decision == .deny { logDenial(answer, stage, time, span?.place ?? ReviewEndpoint.trace(of: fields)) }
            return Answer(status: .ok, contentType: "application/json", body: .bytes(answer.body))
        } catch {
            // What is wrong comes from the reader of the review, which quotes keys and positions; still nobody needs more than a line of it.
            throw Refusal(answer: .refusal(.badRequest, ReviewEndpoint.line(error.description)), reason: .malformed)
        }
    }

    private func judged(_ stage: AdmissionAnswer.Stage, _ body: [UInt8], _ span: ServerSpan?) async throws(ReviewFault) -> AdmissionAnswer {
        guard let span else { return try await handler(stage, body) }
        let answer = try await span.within { () async throws(ReviewFault) in try await handler(stage, body) }
        span.reviewed(answer, stage)
        return answer
    }

    /// One line for each denial: what was asked, not what the object holds.
    private func logDenial(_ answer: AdmissionAnswer, _ stage: AdmissionAnswer.Stage, _ time: Duration, _ place: SpanContext?) {
        var metadata: Logger.Metadata = [
            "stage": "\(stage.rawValue)", "operation": "\(answer.operation)", "resource": "\(answer.resource)", "namespace": "\(answer.namespace)",
            "dry_run": "\(answer.isDryRun)",
            "microseconds": "\(time.components.attoseconds / 1_000_000_000_000 + time.components.seconds * 1_000_000)",
        ]
        if let place {
            metadata["trace_id"] = "\(place.traceID)"
            metadata["span_id"] = "\(place.spanID)"
        }
        logger.info("denied", metadata: metadata)
    }

    /// The caller's span, where there is none of this server.
    private static func trace(of fields: HTTPFields) -> SpanContext? { fields[traceparent].flatMap { SpanContext(parent: $0) } }

    private static let traceparent = HTTPField.Name("traceparent") ?? .userAgent

    private static func line(_ text: String) -> String {
        let line = String(text.unicodeScalars.prefix(1_000).map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return line.unicodeScalars.count < text.unicodeScalars.count ? line + "…" : line
    }
}
