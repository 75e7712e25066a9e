import ClusterSupport
import Foundation
import Testing

@testable import KubernetesClient

/// Ways through a proxy, as the proxy and the server see them.
struct ProxyTests {
    private let peer: TLSPeer

    init() throws { peer = try TLSPeer() }

    /// A server that is called `kube.example`, which nothing here can resolve.
    private func running(
        _ kind: FakeProxy.Kind = .http(), asks: Bool = false, _ body: (FakeServer, FakeProxy) async throws -> Void
    ) async throws {
        try await peer.running(hosts: ["kube.example"], addresses: [], asks: asks) { server in
            try await FakeProxy.running(kind, to: ("127.0.0.1", server.port)) { proxy in try await body(server, proxy) }
        }
    }

    /// TLS, and with it the client's certificate, goes through from end to end; the token never reaches the proxy.
    @Test func connectGoesThroughFromEndToEnd() async throws {
        let jane = try MadeIdentity(name: "jane", by: peer.clients)
        try await running(asks: true) { server, proxy in
            let user = "client-certificate-data: \(TLSPeer.data(jane.certificate)), client-key-data: \(TLSPeer.data(jane.key))"
            let cluster = ", proxy-url: 'http://127.0.0.1:\(proxy.port)'"
            try await TLSPeer.ask(try peer.connection("kube.example:6443", cluster: cluster, user: user))
            let head = try #require(proxy.seen.first)
            #expect(proxy.seen.count == 1 && head.hasPrefix("CONNECT kube.example:6443 HTTP/1.1\r\n"))
            #expect(!head.lowercased().contains("authorization"))
            #expect(peer.names.all == ["kube.example"] && server.requests.map(TLSPeer.subject) == ["CN=jane"])
            #expect(server.requests.map { $0.header("Host") } == [["kube.example:6443"]])
        }
    }

    @Test func aUserOfTheProxyIsShownToTheProxyAlone() async throws {
        try await running { server, proxy in
            let cluster = ", proxy-url: 'http://me%40home:hunter2%3A@127.0.0.1:\(proxy.port)'"
            try await TLSPeer.ask(try peer.connection("kube.example:6443", cluster: cluster, user: "token: s3cret"))
            let head = try #require(proxy.seen.first)
            #expect(head.contains("proxy-authorization: Basic \(Data("me@home:hunter2:".utf8).base64EncodedString())\r\n"))
            #expect(!head.contains("s3cret"))
            #expect(
                server.requests.map { $0.header("Authorization") } == [["Bearer s3cret"]] && server.requests[0].header("Proxy-Authorization") == [])
        }
    }

    /// The address goes to the proxy, the name into the handshake.
    @Test func aServerNameHoldsBehindAProxy() async throws {
        try await running { server, proxy in
            let cluster = ", tls-server-name: kube.example, proxy-url: 'http://127.0.0.1:\(proxy.port)'"
            try await TLSPeer.ask(try peer.connection("10.1.2.3:6443", cluster: cluster))
            #expect(proxy.seen.first?.hasPrefix("CONNECT 10.1.2.3:6443 ") == true && peer.names.all == ["kube.example"])
            #expect(server.requests.map { $0.header("Host") } == [["10.1.2.3:6443"]])
            let other = ", tls-server-name: other.example, proxy-url: 'http://127.0.0.1:\(proxy.port)'"
            let error = await TLSPeer.failure { try await TLSPeer.ask(try peer.connection("10.1.2.3:6443", cluster: other)) }
            #expect(error?.description.contains("its certificate is for another name") == true, "\(error?.description ?? "no error")")
            #expect(server.requests.count == 1)
        }
    }

    /// What the proxy says is told as the proxy's, by its address and without its user.
    @Test(arguments: [
        ("403 Forbidden", "the proxy does not let it through"), ("502 Bad Gateway", "the proxy does not let it through"),
        ("407 Proxy Authentication Required", "the proxy asks for a user, or for another one; write it into proxy-url"),
    ])
    func aProxyThatRefusesIsNamed(status: String, reason: String) async throws {
        try await running(.http(status: status)) { server, proxy in
            let cluster = ", proxy-url: 'http://me:hunter2@127.0.0.1:\(proxy.port)'"
            let error = await TLSPeer.failure {
                try await TLSPeer.ask(try peer.connection("kube.example:6443", cluster: cluster, user: "token: s3cret"), attempts: 3)
            }
            #expect(
                error?.description == "ask the version of the cluster: https://kube.example:6443 cannot be reached through the proxy "
                    + "http://127.0.0.1:\(proxy.port): \(reason)")
            #expect(error?.kind == .unreachable && proxy.seen.count == 1 && server.requests.isEmpty)
        }
    }

    @Test(arguments: ["http", "socks5"]) func aProxyThatIsNotThereIsNamed(scheme: String) async throws {
        let port = try await FakeProxy.running(to: ("127.0.0.1", 1)) { $0.port }
        let connection = try peer.connection("kube.example:6443", cluster: ", proxy-url: '\(scheme)://127.0.0.1:\(port)'")
        let error = await TLSPeer.failure { try await TLSPeer.ask(connection) }
        #expect(
            error?.description == "ask the version of the cluster: https://kube.example:6443 cannot be reached through the proxy "
                + "\(scheme)://127.0.0.1:\(port): connection refused; is the proxy running?")
    }

    @Test func socksGoesThroughToo() async throws {
        try await running(.socks()) { server, proxy in
            let cluster = ", proxy-url: 'socks5://127.0.0.1:\(proxy.port)'"
            try await TLSPeer.ask(try peer.connection("kube.example:6443", cluster: cluster, user: "token: s3cret"))
            #expect(proxy.seen == ["socks kube.example:6443"] && peer.names.all == ["kube.example"])
            #expect(server.requests.map { $0.header("Authorization") } == [["Bearer s3cret"]])
        }
    }

    @Test func socksThatRefusesIsNamed() async throws {
        try await running(.socks(reply: 2)) { server, proxy in
            let cluster = ", proxy-url: 'socks5://127.0.0.1:\(proxy.port)'"
            let error = await TLSPeer.failure { try await TLSPeer.ask(try peer.connection("kube.example:6443", cluster: cluster), attempts: 3) }
            #expect(
                error?.description == "ask the version of the cluster: https://kube.example:6443 cannot be reached through the proxy "
                    + "socks5://127.0.0.1:\(proxy.port): the proxy does not let it through")
            #expect(server.requests.isEmpty)
        }
    }

    /// A proxy that breaks TLS open is no server: its certificate is another authority's.
    @Test func aProxyThatOpensTLSIsNoServer() async throws {
        let spy = try TLSPeer()
        try await spy.running(hosts: ["kube.example"]) { server in
            try await FakeProxy.running(to: ("127.0.0.1", server.port)) { proxy in
                let cluster = ", proxy-url: 'http://127.0.0.1:\(proxy.port)'"
                let error = await TLSPeer.failure {
                    try await TLSPeer.ask(try peer.connection("kube.example:6443", cluster: cluster, user: "token: s3cret"))
                }
                #expect(error?.description.contains("is not signed by the certificate authority of the kubeconfig") == true)
                #expect(server.requests.isEmpty)
            }
        }
    }

    /// Why an address behind a proxy needs a name: the library compares the certificate with the proxy's own address.
    @Test func anAddressBehindAProxyWouldBeMistaken() async throws {
        try await peer.running(host: "127.0.0.2", addresses: [[127, 0, 0, 2]]) { server in
            try await FakeProxy.running(to: ("127.0.0.2", server.port)) { proxy in
                let connection = Connection(
                    name: "x", namespace: nil, server: try #require(ServerAddress("https://127.0.0.2:\(server.port)")),
                    trust: Connection.Trust(authorities: try Connection.authorities(Array(peer.authority.certificate.utf8), place: "test")),
                    proxy: Connection.Proxy(host: "127.0.0.1", port: proxy.port), credential: .none)
                let error = await TLSPeer.failure { try await TLSPeer.ask(connection) }
                #expect(error?.description.contains("its certificate is for another name") == true, "\(error?.description ?? "no error")")
                #expect(server.requests.isEmpty)
            }
        }
    }

    /// Only what the kubeconfig says counts, as `docs/cluster.md` has it.
    @Test func theEnvironmentsProxyIsNotLookedAt() async throws {
        try await peer.running { server in
            let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let text = """
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:\(server.port)", \
                certificate-authority-data: \(TLSPeer.data(peer.authority.certificate))}}]
                contexts: [{name: x, context: {cluster: c}}]
                current-context: x
                """
            try text.write(to: folder, atomically: true, encoding: .utf8)
            let environment = Dictionary(
                uniqueKeysWithValues: ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"].map { ($0, "http://127.0.0.1:1") })
            try await TLSPeer.ask(try ConnectionOptions(kubeconfig: folder.path, environment: environment).connection())
            #expect(server.requests.count == 1)
        }
    }
}
