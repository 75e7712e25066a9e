/// What went wrong between Demarc and a cluster: what, where and the remedy. Never holds a credential.
public struct ClusterError: Error, Sendable, CustomStringConvertible {
    /// What a caller decides by.
    public enum Kind: Sendable, Equatable {
        /// A kubeconfig, a flag or a file that one of them names is wrong.
        case configuration
        /// A credential cannot be had: an exec plugin failed, a token file cannot be read.
        case credential
        /// No answer: the name, the network, TLS, or the time allowed for it.
        case unreachable
        /// 401: the server does not know the credential.
        case unauthorized
        /// 403.
        case forbidden
        /// 404: neither the object nor the resource.
        case notFound
        /// 409, and 412.
        case conflict
        /// 410: the version asked for is no longer kept.
        case gone
        /// 429.
        case tooManyRequests
        /// Any other refusal, by its status.
        case refused(Int)
        /// 5xx.
        case serverFault(Int)
        /// An answer beyond the limit of bytes.
        case tooLarge
        /// An answer that is not what it should be.
        case malformed
    }

    public let kind: Kind
    public let description: String
    /// How long the server asks to wait.
    public let retryAfter: Duration?
    /// Whether the same request may well succeed a little later.
    let isTransient: Bool
    /// What a server that no longer has the version of a list offers instead: to go on with what is there now.
    let inconsistentContinue: String?

    public init(_ kind: Kind, _ description: String, retryAfter: Duration? = nil) {
        self.init(kind, description, retryAfter: retryAfter, isTransient: false)
    }

    init(_ kind: Kind, _ description: String, retryAfter: Duration? = nil, isTransient: Bool, inconsistentContinue: String? = nil) {
        (self.kind, self.description, self.retryAfter) = (kind, description, retryAfter)
        (self.isTransient, self.inconsistentContinue) = (isTransient, inconsistentContinue)
    }

    static func configuration(_ description: String) -> ClusterError { ClusterError(.configuration, description) }
    static func credential(_ description: String) -> ClusterError { ClusterError(.credential, description) }
}
