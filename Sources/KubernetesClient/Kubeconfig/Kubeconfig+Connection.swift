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
        if let name = cluster.serverName, ServerAddress.isAddress(name) {
            throw .configuration("\(cluster.place): tls-server-name '\(name)' is an address; write a name of the server's certificate")
        }
        // Behind a proxy the library knows no address to compare a certificate with but that of the proxy.
        guard cluster.proxy == nil || !server.isAddress || cluster.serverName != nil || cluster.isInsecure || !server.isSecure else {
            throw .configuration(
                "\(cluster.place): behind proxy-url the certificate of an address cannot be checked; call the server by a name, or set tls-server-name to one of its certificate"
            )
        }
        let credential = try user?.credential(for: cluster, authority: authority) ?? .none
        // A proxy may be anywhere.
        if !server.isSecure, !server.isLoopback || cluster.proxy != nil, user?.holdsCredential ?? false {
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
        let user = url.user(percentEncoded: false)
        guard scheme == "http" || user == nil else {
            throw .configuration("\(place): a user for a proxy by socks5 is not supported; remove it, or use a proxy by http")
        }
        return Connection.Proxy(
            host: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host, port: url.port ?? (scheme == "http" ? 80 : 1080),
            isSOCKS: scheme == "socks5", user: user.map(Secret.init), password: url.password(percentEncoded: false).map(Secret.init))
    }
}

extension Kubeconfig.User {
    fileprivate var holdsCredential: Bool { token != nil || tokenFile != nil || certificate != nil || exec != nil }

    /// As client-go weighs them: a token is used as it is, a plugin is asked only where none stands there, and a token wins over a certificate.
    fileprivate func credential(for cluster: Kubeconfig.Cluster, authority: [UInt8]?) throws(ClusterError) -> Connection.CredentialSource {
        if let fault { throw .configuration("\(place): \(fault)") }
        let certificates = try certificates()
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
        return certificates
    }

    /// Read once in any case: what is broken is said now.
    private func certificates() throws(ClusterError) -> Connection.CredentialSource {
        guard let certificate, let key else { return .none }
        let files = IdentityFiles(certificate: certificate, key: key, place: place)
        let identity = try files.identity(try files.read())
        if case .data = certificate, case .data = key { return .certificate(identity) }
        return .certificateFiles(files)
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
