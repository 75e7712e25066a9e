internal import Documents
internal import FoundationEssentials
internal import NIOSSL

/// How to reach one cluster, and as whom. Certificates are read and checked here: what is broken is said before the first request.
public struct Connection: Sendable {
    /// The context's name, `in-cluster` inside a Pod.
    public let name: String
    /// The namespace of the context.
    public let namespace: String?
    public var impersonation = Impersonation()
    let server: ServerAddress
    let trust: Trust
    let proxy: Proxy?
    let credential: CredentialSource

    /// Whom to believe to be the server.
    struct Trust: Sendable {
        /// nil trusts the authorities of the system.
        var authorities: [NIOSSLCertificate]?
        /// The name in the certificate, where it is another than that of the address.
        var serverName: String?
        var isInsecure = false
    }

    struct Proxy: Sendable {
        var host: String
        var port: Int
        var isSOCKS = false
        var user: Secret?
        var password: Secret?

        /// For people, without the user.
        var address: String {
            "\(isSOCKS ? "socks5" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
    }

    /// Where the credential of each request comes from.
    enum CredentialSource: Sendable {
        /// The kubeconfig names no credential at all; the server takes such requests for anonymous ones.
        case none
        case token(Secret)
        /// Read anew for each request, since it rotates.
        case tokenFile(String)
        case certificate(ClientIdentity)
        /// Looked at for each request, since they rotate.
        case certificateFiles(IdentityFiles)
        case exec(ExecPlugin, ExecPlugin.ClusterInfo)
    }

    /// Whether requests carry no credential, which is only so when the kubeconfig says so.
    public var isAnonymous: Bool { if case .none = credential { true } else { false } }

    /// The address, for people.
    public var address: String { server.text }
}

/// A certificate with its key, and those between it and its authority.
struct ClientIdentity: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey

    /// - Parameter what: where they come from, as errors call it.
    init(certificate: [UInt8], key: [UInt8], of what: String) throws(ClusterError) {
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificate)
        } catch {
            throw .credential("\(what): the client certificate is not PEM")
        }
        guard !chain.isEmpty else { throw .credential("\(what): the client certificate holds no certificate") }
        do {
            self.key = try NIOSSLPrivateKey(bytes: key, format: .pem)
        } catch {
            throw .credential("\(what): the client key is no private key in PEM without a password")
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(self.key)
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .credential("\(what): the client key does not belong to the client certificate")
        }
    }
}

/// A certificate and its key, at least one of which is a file.
struct IdentityFiles: Sendable {
    let certificate: Kubeconfig.Material
    let key: Kubeconfig.Material
    /// Where they are named, as errors call it.
    let place: String

    /// What stands there now.
    struct Text: Sendable, Equatable {
        let certificate: [UInt8]
        let key: [UInt8]
    }

    func read() throws(ClusterError) -> Text {
        Text(certificate: try Kubeconfig.bytes(certificate, "the client certificate"), key: try Kubeconfig.bytes(key, "the client key"))
    }

    func identity(_ text: Text) throws(ClusterError) -> ClientIdentity {
        try ClientIdentity(certificate: text.certificate, key: text.key, of: place)
    }
}

/// The address of an API server: scheme, host, port, and a path where it stands behind a gateway.
struct ServerAddress: Sendable, Equatable {
    let isSecure: Bool
    let host: String
    let port: Int
    /// Without a slash at its end.
    let path: String

    init?(_ text: String) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), scheme == "https" || scheme == "http",
            let host = url.host(percentEncoded: false), !host.isEmpty, url.user == nil, url.query == nil
        else { return nil }
        isSecure = scheme == "https"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = url.port ?? (isSecure ? 443 : 80)
        let path = url.path(percentEncoded: true)
        self.path = path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// `https://host:port/path`, with another host where a certificate has another name.
    func url(host other: String? = nil) -> String {
        let host = other ?? self.host
        return "\(isSecure ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)\(path)"
    }

    var text: String { url() }

    /// Whether the host is an address and no name.
    var isAddress: Bool { ServerAddress.isAddress(host) }

    static func isAddress(_ host: String) -> Bool {
        host.contains(":") || (host.split(separator: ".").count == 4 && host.utf8.allSatisfy { (0x2E...0x39).contains($0) })
    }

    /// What never leaves this machine may go without TLS. By its number, not by how it begins: `127.0.0.1.example` is a name like any other.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
