internal import Documents
internal import FoundationEssentials
internal import NIOSSL

extension Kubeconfig {
    /// - Parameter context: nil takes the current one.
    func connection(context: String?) throws(ClusterError) -> Connection {
        guard let name = context ?? currentContext else {
            throw .configuration("the kubeconfig names no current context; name one with --context: \(known(contextNames))")
        }
        guard let chosen = contexts[name] else {
            throw .configuration("the kubeconfig has no context '\(name)'; it has \(known(contextNames))")
        }
        guard let cluster = clusters[chosen.cluster] else {
            throw .configuration(
                "\(chosen.place): context '\(name)' names cluster '\(chosen.cluster)', which is not there; there are \(known(clusters.keys.sorted()))"
            )
        }
        // kubectl lets a context without a user be; one that names a user which is not there is a mistake.
        guard chosen.user.isEmpty || users[chosen.user] != nil else {
            throw .configuration(
                "\(chosen.place): context '\(name)' names user '\(chosen.user)', which is not there; there are \(known(users.keys.sorted()))")
        }
        let user = users[chosen.user]
        let server = try cluster.address()
        let authority = try cluster.authority.map { material throws(ClusterError) in try Kubeconfig.bytes(material, "the certificate authority") }
        let trust = try cluster.trust(authority)
        guard cluster.serverName == nil || cluster.proxy == nil else {
            throw .configuration("\(cluster.place): tls-server-name together with proxy-url is not supported; remove one")
        }
        let credential = try user?.credential(for: cluster, authority: authority) ?? .none
        if !server.isSecure, !server.isLoopback, user?.holdsCredential ?? false {
            throw .configuration("\(cluster.place): the server is \(server.text), where a credential would travel without TLS; write https://")
        }
        var connection = Connection(
            name: name, namespace: chosen.namespace, server: server, trust: trust, proxy: try cluster.connectionProxy(), credential: credential)
        if let user { connection.impersonation = user.impersonation }
        return connection
    }

    private func known(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }

    static func bytes(_ material: Material, _ what: String) throws(ClusterError) -> [UInt8] {
        switch material {
        case .data(let bytes): bytes
        case .file(let path): try ClientFile.read(path, what)
        }
    }
}

extension Kubeconfig.Cluster {
    fileprivate func address() throws(ClusterError) -> ServerAddress {
        guard let server else { throw .configuration("\(place): the cluster has no server") }
        guard let address = ServerAddress(server) else {
            throw .configuration("\(place): the server '\(server)' is no address; write https://HOST:PORT")
        }
        return address
    }

    fileprivate func trust(_ authority: [UInt8]?) throws(ClusterError) -> Connection.Trust {
        var trust = Connection.Trust(serverName: serverName, isInsecure: isInsecure)
        guard let authority else { return trust }
        guard !isInsecure else {
            throw .configuration("\(place): insecure-skip-tls-verify and a certificate authority contradict each other; remove one")
        }
        trust.authorities = try Connection.authorities(authority, place: place)
        return trust
    }

    fileprivate func connectionProxy() throws(ClusterError) -> Connection.Proxy? {
        guard let proxy else { return nil }
        guard let url = URL(string: proxy), let scheme = url.scheme?.lowercased(), let host = url.host(percentEncoded: false), !host.isEmpty else {
            throw .configuration("\(place): proxy-url is no address; write http://HOST:PORT or socks5://HOST:PORT")
        }
        guard scheme == "http" || scheme == "socks5" else {
            throw .configuration("\(place): a proxy by '\(scheme)' is not supported; http and socks5 are")
        }
        return Connection.Proxy(
            host: host, port: url.port ?? (scheme == "http" ? 80 : 1080), isSOCKS: scheme == "socks5", user: url.user.map(Secret.init),
            password: url.password.map(Secret.init))
    }
}

extension Kubeconfig.User {
    fileprivate var holdsCredential: Bool { token != nil || tokenFile != nil || certificate != nil || exec != nil }

    /// As client-go weighs them: a token is used as it is, a plugin is asked only where none stands there, and a token wins over a certificate.
    fileprivate func credential(for cluster: Kubeconfig.Cluster, authority: [UInt8]?) throws(ClusterError) -> Connection.CredentialSource {
        if let fault { throw .configuration("\(place): \(fault)") }
        let identity = try identity()
        if let tokenFile {
            // A file that cannot be read is an error now, and at each request later.
            _ = try Connection.token(in: tokenFile)
            return .tokenFile(tokenFile)
        }
        if let token {
            guard Connection.isToken(token.text) else {
                throw .configuration("\(place): the token holds what no token can, such as a space or a line break")
            }
            return .token(token)
        }
        if let exec {
            return .exec(
                exec,
                ExecPlugin.ClusterInfo(
                    server: cluster.server ?? "", serverName: cluster.serverName, isInsecure: cluster.isInsecure, authority: authority,
                    proxy: cluster.proxy, settings: cluster.execSettings))
        }
        return identity.map { .certificate($0) } ?? .none
    }

    private func identity() throws(ClusterError) -> ClientIdentity? {
        guard let certificate, let key else { return nil }
        return try ClientIdentity(
            certificate: try Kubeconfig.bytes(certificate, "the client certificate"), key: try Kubeconfig.bytes(key, "the client key"), of: place)
    }
}

extension Connection {
    static func authorities(_ pem: [UInt8], place: String) throws(ClusterError) -> [NIOSSLCertificate] {
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMBytes(pem)
        } catch {
            throw .configuration("\(place): the certificate authority is not PEM")
        }
        guard !certificates.isEmpty else { throw .configuration("\(place): the certificate authority holds no certificate") }
        return certificates
    }

    /// The token in a file, without the line break that editors leave.
    static func token(in path: String) throws(ClusterError) -> Secret {
        let bytes: [UInt8]
        do { bytes = try ClientFile.read(path, "the token file") } catch { throw .credential(error.description) }
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let token = String(decoding: bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed(), as: UTF8.self)
        guard isToken(token) else { throw .credential("the token file \(path) holds no token") }
        return Secret(token)
    }

    /// Whether this can stand in a header as it is. Anything else would be sent as something else, or not at all.
    static func isToken(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }

    /// That of a Pod: the service account that is mounted into it.
    static func inCluster(environment: [String: String], folder: String) throws(ClusterError) -> Connection {
        let host = environment["KUBERNETES_SERVICE_HOST"] ?? ""
        let port = environment["KUBERNETES_SERVICE_PORT"] ?? "443"
        guard let server = ServerAddress("https://\(host.contains(":") ? "[\(host)]" : host):\(port)") else {
            throw .configuration("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are no address: '\(host)', '\(port)'")
        }
        let authority = folder + "/ca.crt"
        _ = try token(in: folder + "/token")
        let namespace = try ClientFile.readIfThere(folder + "/namespace", "the namespace of the Pod")
        return Connection(
            name: "in-cluster", namespace: namespace.map { String(decoding: $0, as: UTF8.self) }, server: server,
            trust: Trust(authorities: try authorities(ClientFile.read(authority, "the certificate authority"), place: authority)), proxy: nil,
            credential: .tokenFile(folder + "/token"))
    }
}
