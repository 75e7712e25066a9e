internal import NIOCore
internal import NIOSSL
internal import Synchronization

/// A certificate or key that cannot serve: what is wrong, never the key.
public struct ServingIdentityFault: Error, Equatable, CustomStringConvertible {
    public let description: String
}

/// The certificate that the server shows, exchangeable while it runs.
///
/// Each handshake takes what is there at that moment; connections that already stand go on. So nothing is closed when a certificate is renewed.
public final class ServingIdentity: Sendable {
    private struct Current {
        var context: NIOSSLContext
        var notAfter: Int64
    }

    private let current: Mutex<Current>
    /// Whose client certificates count; empty when none are asked for.
    private let clientAuthorities: [NIOSSLCertificate]

    /// Whether the server asks for client certificates.
    var asksForCertificate: Bool { !clientAuthorities.isEmpty }

    /// - Parameters:
    ///   - chain: the server's certificate and those between it and the root, PEM.
    ///   - key: its private key, PEM.
    ///   - clientAuthorities: with it, paths of reviews need a client certificate that one of these signed; PEM.
    public init(chain: String, key: String, clientAuthorities: String? = nil) throws(ServingIdentityFault) {
        self.clientAuthorities =
            try clientAuthorities.map { text throws(ServingIdentityFault) in
                try ServingIdentity.certificates(text, "the authority of client certificates")
            } ?? []
        current = Mutex(try ServingIdentity.read(chain, key, self.clientAuthorities))
    }

    /// Handshakes from now on show this certificate. When it cannot serve, the old one stays.
    public func replace(chain: String, key: String) throws(ServingIdentityFault) {
        let next = try ServingIdentity.read(chain, key, clientAuthorities)
        current.withLock { $0 = next }
    }

    /// When the certificate ends, in seconds since 1970.
    public var notAfter: Int64 { current.withLock { $0.notAfter } }

    var context: NIOSSLContext { current.withLock { $0.context } }

    private static func read(_ chain: String, _ key: String, _ authorities: [NIOSSLCertificate]) throws(ServingIdentityFault) -> Current {
        let certificates = try certificates(chain, "the serving certificate")
        guard let own = certificates.first else {
            throw ServingIdentityFault(description: "the serving certificate is empty; a PEM file begins with BEGIN CERTIFICATE")
        }
        let privateKey: NIOSSLPrivateKey
        do { privateKey = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem) } catch {
            throw ServingIdentityFault(description: "the serving key cannot be read; a PEM file with a key that is not encrypted is expected")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        // Who stops talking in the middle of closing is not waited for.
        configuration.shutdownTimeout = .seconds(2)
        if !authorities.isEmpty {
            configuration.certificateVerification = .optionalVerification
            configuration.trustRoots = .certificates(authorities)
            configuration.sendCANameList = true
        }
        do { return Current(context: try NIOSSLContext(configuration: configuration), notAfter: Int64(own.notValidAfter)) } catch {
            throw ServingIdentityFault(description: "the serving certificate and the serving key do not belong together")
        }
    }

    private static func certificates(_ text: String, _ name: String) throws(ServingIdentityFault) -> [NIOSSLCertificate] {
        do { return try NIOSSLCertificate.fromPEMBytes(Array(text.utf8)) } catch {
            throw ServingIdentityFault(description: "\(name) cannot be read; a PEM file with one or more certificates is expected")
        }
    }
}
