internal import HTTPTypes
internal import HummingbirdCore
internal import KubernetesClient

/// Everything that needs a token: metrics and the API.
struct APIEndpoint: Sendable {
    let routes: [APIRoute]
    let authorizer: any RequestAuthorizer
    let reader: RequestReader
    let gate: RequestGate
    let metrics: ServerMetrics

    /// nil when no route has this path.
    @concurrent func answer(_ path: Substring, _ query: Substring, _ request: Request, _ writer: borrowing ResponseWriter) async throws -> Answer? {
        let here = routes.filter { $0.matches(path) }
        guard !here.isEmpty else { return nil }
        let method = request.method.rawValue
        guard let route = here.first(where: { $0.method == method || ($0.method == "GET" && method == "HEAD") }) else {
            let allowed = Set(here.flatMap { $0.method == "GET" ? ["GET", "HEAD"] : [$0.method] }).sorted().joined(separator: ", ")
            var answer = Answer.refusal(.methodNotAllowed, "only \(allowed) is answered here", ends: true)
            answer.fields[.allow] = allowed
            return answer
        }
        guard gate.enter() else { return .busy(.tooManyRequests, "too many requests at once; ask again") }
        defer { gate.leave() }
        do {
            let identity = try await identity(request, route.method.lowercased(), String(path))
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

    private func identity(_ request: Request, _ verb: String, _ path: String) async throws(Refusal) -> TokenIdentity {
        guard let token = APIEndpoint.bearer(request.headers) else {
            metrics.authentications.add(1, AuthorizationAnswer.unauthenticated.result)
            throw APIEndpoint.unauthenticated("a token is needed here; send Authorization: Bearer TOKEN")
        }
        let path = APIEndpoint.permission(for: path)
        let answer = await authorizer.authorize(token: token, verb: verb, path: path)
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

    /// The path that authorizers are asked about. Every cluster lets all who are authenticated get `/api/*` of its API server (the ClusterRole
    /// `system:discovery`), and an authorizer does not know whose path it is: asked about `/api/v1/findings` it would say yes to each Pod.
    static func permission(for path: String) -> String { path.hasPrefix("/api/") ? "/demarc" + path : path }

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
