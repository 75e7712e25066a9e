internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import SystemPackage

/// Why no answer came, in words that help.
enum TransportFault {
    static func error(_ error: any Error, purpose: String, address: String) -> ClusterError {
        if let error = error as? ClusterError { return error }
        if error is CancellationError { return ClusterError(.unreachable, "\(purpose): cancelled") }
        let (reason, isTransient) = words(error)
        return ClusterError(.unreachable, "\(purpose): \(address) cannot be reached: \(reason)", isTransient: isTransient)
    }

    /// - Returns: the reason with its remedy, and whether it may pass by itself.
    private static func words(_ error: any Error) -> (String, Bool) {
        switch error {
        case let error as NIOConnectionError: return (connection(error), true)
        case let error as HTTPClientError: return http(error)
        case NIOSSLError.handshakeFailed(let reason): return (handshake("\(reason)"), false)
        case is NIOSSLExtraError: return ("its certificate is for another name; check the address, or set tls-server-name", false)
        case NIOSSLError.uncleanShutdown: return ("the connection was cut", true)
        case is NIOSSLError, is BoringSSLError: return (handshake("\(error)"), false)
        case let error as IOError: return (words(of: error), true)
        case is ChannelError: return ("the connection was cut", true)
        default: return ("\(type(of: error))", true)
        }
    }

    private static func connection(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first?.error {
            if let first = first as? IOError { return words(of: first) }
            if case ChannelError.connectTimeout = first { return "no answer in time; check the address and the network" }
            return "\(first)"
        }
        return "the name '\(error.host)' cannot be resolved"
    }

    private static func words(of error: IOError) -> String {
        switch Errno(rawValue: error.errnoCode) {
        case .connectionRefused: "connection refused; is the server running?"
        case .connectionReset, .brokenPipe: "the connection was cut"
        case let errno: "\(errno)"
        }
    }

    private static func http(_ error: HTTPClientError) -> (String, Bool) {
        switch error {
        case .connectTimeout: ("no answer in time; check the address and the network", true)
        case .readTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout: ("no answer in time; raise --request-timeout if it is slow", true)
        case .tlsHandshakeTimeout: ("no TLS handshake in time; is it an HTTPS server?", true)
        case .proxyAuthenticationRequired: ("the proxy asks for a user; write it into proxy-url", false)
        case .invalidProxyResponse, .httpProxyHandshakeTimeout, .socksHandshakeTimeout: ("the proxy does not let it through", false)
        case .remoteConnectionClosed: ("the connection was cut", true)
        default: (error.shortDescription, true)
        }
    }

    /// BoringSSL's words are for programmers.
    private static func handshake(_ reason: String) -> String {
        if reason.contains("CERTIFICATE_VERIFY_FAILED") {
            return "its certificate is not signed by the certificate authority of the kubeconfig, or is not valid now; check certificate-authority"
        }
        if reason.contains("WRONG_VERSION_NUMBER") || reason.contains("HTTP_REQUEST") {
            return "it does not speak TLS; write http://, or another port"
        }
        if reason.contains("ALERT_BAD_CERTIFICATE") || reason.contains("CERTIFICATE_REQUIRED") || reason.contains("ALERT_CERTIFICATE") {
            return "it refuses the client certificate"
        }
        return "the TLS handshake failed: \(reason.prefix(200))"
    }
}
