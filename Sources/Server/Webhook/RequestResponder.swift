internal import Admission
internal import HTTPTypes
internal import HummingbirdCore

/// Finds who answers a request, and writes the answer.
struct RequestResponder: Sendable {
    let reviews: ReviewEndpoint
    let api: APIEndpoint
    let drain: DrainState
    let readiness: @Sendable () async -> [HealthCheck]

    @concurrent func respond(to request: Request, _ writer: consuming ResponseWriter, _ peer: Peer) async throws {
        let isHead = request.method == .head
        let answer = try await answer(to: request, writer, peer)
        try await answer.write(to: writer, isHead: isHead)
    }

    @concurrent private func answer(to request: Request, _ writer: borrowing ResponseWriter, _ peer: Peer) async throws -> Answer {
        let target = (request.head.path ?? "")[...]
        let path = target.prefix { $0 != "?" }
        let query = target.dropFirst(path.count + 1)
        switch path {
        case "/validate": return try await reviews.answer(.validate, request, writer, peer)
        case "/mutate": return try await reviews.answer(.mutate, request, writer, peer)
        case "/healthz", "/livez": return health(request) { Answer(status: .ok, body: .text("ok")) }
        case "/readyz":
            var checks = await readiness()
            if drain.isDraining { checks.append(HealthCheck("shutdown", problem: "the server is about to stop")) }
            return health(request) { Health.answer("readyz", checks, isVerbose: query.split(separator: "&").contains { $0.hasPrefix("verbose") }) }
        default:
            if let answer = try await api.answer(path, query, request, writer, peer) { return answer }
            return .refusal(.notFound, "nothing is here", ends: request.method != .get && request.method != .head)
        }
    }

    private func health(_ request: Request, _ answer: () -> Answer) -> Answer {
        if request.method == .get || request.method == .head { return answer() }
        var refusal = Answer.refusal(.methodNotAllowed, "only GET and HEAD are answered here", ends: true)
        refusal.fields[.allow] = "GET, HEAD"
        return refusal
    }
}
