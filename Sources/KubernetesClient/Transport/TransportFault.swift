internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import SystemPackage

/// Why no answer came, in words that help.
enum TransportFault {
    /// - Parameter proxy: by which the way goes, without its user.
    static func error(_ error: any Error, purpose: String, address: String, proxy: String? = nil) -> ClusterError {
        if let error = error as? ClusterError { return error }
        if error is CancellationError { return ClusterError(.unreachable, "\(purpose): cancelled") }
        let known = words(error)
        // What a proxy by SOCKS says has types that nobody else throws.
        let (reason, isTransient) = known ?? (proxy == nil ? ("\(type(of: error))", true) : ("the proxy does not let it through", false))
        guard let proxy else {
            return ClusterError(.unreachable, "\(purpose): \(address) cannot be reached: \(reason)", isTransient: isTransient)
        }
        // Whoever refuses to connect there is the proxy, not the server.
        let ofProxy = reason.replacing("is the server running?", with: "is the proxy running?")
        return ClusterError(
            .unreachable, "\(purpose): \(address) cannot be reached through the proxy \(proxy): \(ofProxy)", isTransient: isTransient)
    }

    /// - Returns: the reason with its remedy, and whether it may pass by itself; nil for what is not known.
    private static func words(_ error: any Error) -> (String, Bool)? {
        switch error {
        case let error as NIOConnectionError: return (connection(error), true)
        case let error as HTTPClientError: return http(error)
        case NIOSSLError.handshakeFailed(let reason): return (handshake("\(reason)"), false)
        case is NIOSSLExtraError, is ServerIdentity.WrongName:
            return ("its certificate is for another name; check the address, or set tls-server-name", false)
        case NIOSSLError.uncleanShutdown: return ("the connection was cut", true)
        case is NIOSSLError, is BoringSSLError: return (handshake("\(error)"), false)
        case let error as IOError: return (words(of: error), true)
        case is ChannelError: return ("the connection was cut", true)
        default: return nil
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
        case .proxyAuthenticationRequired: ("the proxy asks for a user, or for another one; write it into proxy-url", false)
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
        if reason.contains("CERTIFICATE_REQUIRED") { return "it asks for a client certificate, and the kubeconfig has none for this user" }
        if ["ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE", "ALERT_UNKNOWN_CA"].contains(where: reason.contains) {
            return "it refuses the client certificate; it may have ended, or be signed by another authority"
        }
        return "the TLS handshake failed: \(reason.prefix(200))"
    }
}
