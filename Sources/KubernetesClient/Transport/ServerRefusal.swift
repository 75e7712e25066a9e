internal import Documents

/// What an answer with a status of failure says, as an error.
struct ServerRefusal {
    let status: Int
    let retryAfter: Duration?
    /// The `message` of the server's `Status`, cut to a length that people read.
    private(set) var message = ""
    private(set) var reason = ""
    private var asked: Duration?
    private var continueToken: String?

    /// - Parameter body: the beginning of it; anything that is no `Status` is left aside, since proxies answer in HTML.
    init(status: Int, retryAfter: Duration?, body: [UInt8]) {
        (self.status, self.retryAfter) = (status, retryAfter)
        guard let root = DocumentTree.parse(body, source: "answer", syntax: .json).tree.roots.first, (try? root["kind"].equals("Status")) == true
        else { return }
        func text(_ value: Value) -> String { ((try? value.string()) ?? nil) ?? "" }
        message = String(text(root["message"]).prefix(2_000))
        reason = text(root["reason"])
        if let seconds = (try? root["details"]["retryAfterSeconds"].int()) ?? nil, seconds > 0 { asked = .seconds(min(seconds, 86_400)) }
        let token = text(root["metadata"]["continue"])
        continueToken = token.isEmpty ? nil : token
    }

    func error(for request: APIRequest) -> ClusterError {
        let said = message.isEmpty ? "" : "; the server says: \(message)"
        let what = request.purpose
        switch status {
        case 401: return ClusterError(.unauthorized, "\(what): the server does not accept the credential (401); renew it, or choose another context")
        // Not a question of rights: the request is allowed, and what it asks for is not.
        case 403 where message.hasPrefix("admission webhook "): return ClusterError(.forbidden, "\(what): \(message)")
        case 403:
            let remedy = request.permission.map { "; grant the verb '\($0.verb)' on '\(resource($0))'" } ?? ""
            return ClusterError(.forbidden, "\(what): forbidden\(remedy)\(said)")
        case 404: return ClusterError(.notFound, "\(what): not found\(said)")
        case 409, 412: return ClusterError(.conflict, "\(what): conflict\(said)")
        case 410:
            return ClusterError(
                .gone, "\(what): the version asked for is no longer kept (410)\(said)", isTransient: false, inconsistentContinue: continueToken)
        case 429:
            return ClusterError(.tooManyRequests, "\(what): too many requests (429)\(said)", retryAfter: retryAfter ?? asked, isTransient: true)
        case 500...:
            // A fault of the server is worth another try where it says so, or where something before it had no server at hand.
            let isTransient = retryAfter != nil || asked != nil || [502, 503, 504].contains(status) || reason == "ServerTimeout"
            return ClusterError(
                .serverFault(status), "\(what): the server failed (\(status))\(said)", retryAfter: retryAfter ?? asked, isTransient: isTransient)
        default: return ClusterError(.refused(status), "\(what): refused (\(status))\(said)")
        }
    }

    private func resource(_ permission: Permission) -> String {
        let group = permission.group.isEmpty ? "the core API group" : permission.group
        return "\(permission.resource)' of '\(group)"
    }
}
