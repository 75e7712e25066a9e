internal import Admission
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging

/// `/mutate` and `/validate`: a review in, an answer out.
struct ReviewEndpoint: Sendable {
    let handler: ReviewHandler
    let reader: RequestReader
    let gate: RequestGate
    let metrics: ServerMetrics
    let logger: Logger
    /// Whether the client must show a certificate.
    let asksForCertificate: Bool

    @concurrent
    func answer(
        _ stage: AdmissionAnswer.Stage, _ request: Request, _ writer: borrowing ResponseWriter, _ peer: Peer
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
            return try await reader.withBody(of: request, writer) { body in
                // Only whole requests take a place: whoever sends slowly would hold one for seconds.
                guard gate.enter() else {
                    throw Refusal(answer: .busy(.tooManyRequests, "too many reviews at once; ask again"), reason: .busy)
                }
                defer { gate.leave() }
                return try await review(stage, body, request.headers)
            }
        } catch let refusal as Refusal {
            metrics.refused.add(1, stage.rawValue, refusal.reason.rawValue)
            return refusal.answer
        }
    }

    private func review(_ stage: AdmissionAnswer.Stage, _ body: [UInt8], _ fields: HTTPFields) async throws(Refusal) -> Answer {
        // What other connections of this thread have sent meanwhile is read first, then all of it is decided, then all of it is answered: reading,
        // deciding and writing each fill the processor's caches, and taking turns at every request they cost half as much again.
        await Task.yield()
        let start = ContinuousClock.now
        do {
            let answer = try await handler(stage, body)
            let time = ContinuousClock.now - start
            await Task.yield()
            metrics.count(answer, stage, took: time)
            if answer.decision == .deny { logDenial(answer, stage, time, fields) }
            return Answer(status: .ok, contentType: "application/json", body: .bytes(answer.body))
        } catch {
            // What is wrong comes from the reader of the review, which quotes keys and positions; still nobody needs more than a line of it.
            throw Refusal(answer: .refusal(.badRequest, ReviewEndpoint.line(error.description)), reason: .malformed)
        }
    }

    /// One line for each denial: what was asked, not what the object holds.
    private func logDenial(_ answer: AdmissionAnswer, _ stage: AdmissionAnswer.Stage, _ time: Duration, _ fields: HTTPFields) {
        var metadata: Logger.Metadata = [
            "stage": "\(stage.rawValue)", "operation": "\(answer.operation)", "resource": "\(answer.resource)", "namespace": "\(answer.namespace)",
            "dry_run": "\(answer.isDryRun)",
            "microseconds": "\(time.components.attoseconds / 1_000_000_000_000 + time.components.seconds * 1_000_000)",
        ]
        if let header = fields[ReviewEndpoint.traceparent], let trace = TraceContext(header: header) {
            metadata["trace_id"] = "\(trace.traceID)"
            metadata["span_id"] = "\(trace.spanID)"
        }
        logger.info("denied", metadata: metadata)
    }

    private static let traceparent = HTTPField.Name("traceparent") ?? .userAgent

    private static func line(_ text: String) -> String {
        let line = String(text.unicodeScalars.prefix(1_000).map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return line.unicodeScalars.count < text.unicodeScalars.count ? line + "…" : line
    }
}
