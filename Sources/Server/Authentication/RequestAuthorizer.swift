public import KubernetesClient

/// What becomes of a request with a token.
public enum AuthorizationAnswer: Sendable, Equatable {
    case allowed(TokenIdentity)
    /// Nobody knows the token.
    case unauthenticated
    /// Its owner may not.
    case forbidden(user: String)
    /// Nobody could be asked. Never an allow.
    case unavailable

    static let results = ["allowed", "unauthenticated", "forbidden", "unavailable"]

    /// For counting.
    var result: String {
        switch self {
        case .allowed: "allowed"
        case .unauthenticated: "unauthenticated"
        case .forbidden: "forbidden"
        case .unavailable: "unavailable"
        }
    }
}

/// Decides who may read metrics and use the API.
public protocol RequestAuthorizer: Sendable {
    /// - Parameters:
    ///   - token: what stood behind `Bearer`.
    ///   - verb: the method in small letters, as RBAC writes it for paths.
    func authorize(token: String, verb: String, path: String) async -> AuthorizationAnswer
}

/// Whom a cluster knows, and what it allows them.
public protocol AccessReviewing: Sendable {
    func identity(of token: Secret, audiences: [String]) async throws(ClusterError) -> TokenIdentity?
    func may(_ identity: TokenIdentity, verb: String, path: String) async throws(ClusterError) -> AccessAnswer
}

extension ClusterClient: AccessReviewing {}
