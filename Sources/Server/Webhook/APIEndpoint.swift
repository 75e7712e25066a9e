internal import HTTPTypes
internal import HummingbirdCore
internal import KubernetesClient
internal import Traces

/// Everything that needs a token: metrics and the API.
struct APIEndpoint: Sendable {
    let routes: [APIRoute]
    let authorizer: any RequestAuthorizer
    let reader: RequestReader
    let gate: RequestGate
    let metrics: ServerMetrics
    let spans: Spans

    /// nil when no route has this path.
    @concurrent func answer(
        _ path: Substring, _ query: Substring, _ request: Request, _ writer: borrowing ResponseWriter, _ peer: Peer
    ) async throws -> Answer? {
        let here = routes.filter { $0.matches(path) }
        guard !here.isEmpty else { return nil }
        let method = request.method.rawValue
        guard let route = here.first(where: { $0.method == method || ($0.method == "GET" && method == "HEAD") }) else {
            let allowed = Set(here.flatMap { $0.method == "GET" ? ["GET", "HEAD"] : [$0.method] }).sorted().joined(separator: ", ")
            var answer = Answer.refusal(.methodNotAllowed, "only \(allowed) is answered here", ends: true)
            answer.fields[.allow] = allowed
            return answer
        }
        let span = ServerSpan(spans, request, route: route.path, peer)
        defer { span?.end() }
        do {
            let answer = try await answer(route, path, query, request, writer, span)
            span?.answered(answer.status)
            return answer
        } catch {
            span?.failed(error)
            throw error
        }
    }

    @concurrent private func answer(
        _ route: APIRoute, _ path: Substring, _ query: Substring, _ request: Request, _ writer: borrowing ResponseWriter, _ span: ServerSpan?
    ) async throws -> Answer {
        guard gate.enter() else { return .busy(.tooManyRequests, "too many requests at once; ask again") }
        defer { gate.leave() }
        do {
            let identity = try await identity(request, route.method.lowercased(), String(path), span)
            let answer = try await reader.withBody(of: request, writer) { body in
                await route.handler(
                    APIRequest(method: route.method, path: String(path), query: String(query), body: body, identity: identity))
            }
            var fields = HTTPFields()
            // What somebody may see with a token, nobody keeps for the next one.
            fields[.cacheControl] = "no-store"
            fields[.xContentTypeOptions] = "nosniff"
            let status = HTTPResponse.Status(code: (200...599).contains(answer.status) ? answer.status : 500)
            return Answer(status: status, contentType: answer.contentType, body: .bytes(answer.body), fields: fields)
        } catch let refusal as Refusal {
            return refusal.answer
        }
    }

    private func identity(_ request: Request, _ verb: String, _ path: String, _ span: ServerSpan?) async throws(Refusal) -> TokenIdentity {
        guard let token = APIEndpoint.bearer(request.headers) else {
            metrics.authentications.add(1, AuthorizationAnswer.unauthenticated.result)
            throw APIEndpoint.unauthenticated("a token is needed here; send Authorization: Bearer TOKEN")
        }
        // What the authorizer asks of the API server belongs to this request.
        let answer =
            if let span { await span.within { await authorizer.authorize(token: token, verb: verb, path: path) } } else {
                await authorizer.authorize(token: token, verb: verb, path: path)
            }
        metrics.authentications.add(1, answer.result)
        switch answer {
        case .allowed(let identity): return identity
        case .unauthenticated: throw APIEndpoint.unauthenticated("the token is not accepted; it may have expired, or be meant for somebody else")
        case .forbidden(let user):
            let text = "user '\(user)' may not \(verb) \(path); a ClusterRole with nonResourceURLs: [\"\(path)\"] and verbs: [\"\(verb)\"] allows it"
            throw Refusal(answer: .refusal(.forbidden, text, ends: true), reason: .forbidden)
        case .unavailable:
            throw Refusal(answer: .busy(.serviceUnavailable, "the API server cannot be asked whether this is allowed; ask again"), reason: .busy)
        }
    }

    private static func unauthenticated(_ text: String) -> Refusal {
        var answer = Answer.refusal(.unauthorized, text, ends: true)
        answer.fields[.wwwAuthenticate] = "Bearer"
        return Refusal(answer: answer, reason: .forbidden)
    }

    /// The scheme in any case, one space or several, then the token (RFC 9110, 11.4). Two headers are none: nobody should guess which one counts.
    static func bearer(_ fields: HTTPFields) -> String? {
        let values = fields[values: .authorization]
        guard values.count == 1, let value = values.first else { return nil }
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 16 << 10 else { return nil }
        return String(parts[1])
    }
}
