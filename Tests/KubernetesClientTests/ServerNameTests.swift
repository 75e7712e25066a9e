import ClusterSupport
import Testing

@testable import KubernetesClient

/// Whom a client believes to be the server: by the address, or by the name that a kubeconfig gives.
struct ServerNameTests {
    private let peer: TLSPeer

    init() throws { peer = try TLSPeer() }

    /// The name goes into the handshake and is what the certificate must have; the request is still for the address.
    @Test func theNameIsAskedForAndChecked() async throws {
        try await peer.running(hosts: ["kube.example"], addresses: []) { server in
            try await TLSPeer.ask(try peer.connection("127.0.0.1:\(server.port)", cluster: ", tls-server-name: kube.example"))
            #expect(peer.names.all == ["kube.example"])
            #expect(server.requests.map { $0.header("Host") } == [["127.0.0.1:\(server.port)"]])
        }
    }

    @Test func withoutOneTheAddressIsChecked() async throws {
        try await peer.running(hosts: ["localhost"]) { server in
            try await TLSPeer.ask(try peer.connection("127.0.0.1:\(server.port)"))
            try await TLSPeer.ask(try peer.connection("localhost:\(server.port)"))
            // An address is no name to ask for.
            #expect(peer.names.all == ["", "localhost"])
        }
    }

    /// The host's own name does not help where another one was given, nor the other way round.
    @Test(
        arguments: [
            ([], [TLSPeer.address], ", tls-server-name: kube.example"), (["other.example"], [], ", tls-server-name: kube.example"),
            (["kube.example"], [], ""), ([], [[127, 0, 0, 9]], ""),
        ] as [([String], [[UInt8]], String)])
    func anotherNameIsAnError(hosts: [String], addresses: [[UInt8]], cluster: String) async throws {
        try await peer.running(hosts: hosts, addresses: addresses) { server in
            let error = await TLSPeer.failure { try await TLSPeer.ask(try peer.connection("127.0.0.1:\(server.port)", cluster: cluster)) }
            #expect(error?.kind == .unreachable, "\(error?.description ?? "no error")")
            #expect(
                error?.description.hasSuffix("its certificate is for another name; check the address, or set tls-server-name") == true,
                "\(error?.description ?? "no error")")
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ("kube.example", "kube.example", true), ("KUBE.example", "kube.Example.", true), ("*.example", "kube.example", true),
        ("*.kube.example", "a.kube.example", true), ("*.kube.example", "a.b.kube.example", false), ("*.kube.example", "kube.example", false),
        ("k*.kube.example", "ka.kube.example", false), ("a.*.example", "a.b.example", false), ("*", "kube", false), ("", "", false), ("", "a", false),
        ("*..example", "a..example", false), ("localhost", "localhost", true), ("kube.example", "kube.example.com", false),
    ])
    func names(pattern: String, name: String, isMatch: Bool) { #expect(ServerIdentity.matches(pattern, name) == isMatch) }

    /// A name of the address itself is checked too, and an address in the certificate does not stand in for it.
    @Test(arguments: [(["localhost"], true), (["other"], false), ([], false)] as [([String], Bool)])
    func aNameIsNoAddress(hosts: [String], isRight: Bool) async throws {
        try await peer.running(hosts: hosts) { server in
            let error = await TLSPeer.failure { try await TLSPeer.ask(try peer.connection("localhost:\(server.port)"), attempts: 3) }
            #expect((error == nil) == isRight && server.requests.count == (isRight ? 1 : 0), "\(error?.description ?? "no error")")
            #expect(isRight || error?.description.contains("its certificate is for another name") == true)
            // A wrong name is not tried again.
            #expect(peer.names.all.count == 1)
        }
    }

    /// Only where it is written does nobody look.
    @Test func insecureIsInsecure() async throws {
        try await peer.running(hosts: ["other"], addresses: []) { server in
            let address = try #require(ServerAddress("https://localhost:\(server.port)"))
            let connection = Connection(name: "x", namespace: nil, server: address, trust: .init(isInsecure: true), proxy: nil, credential: .none)
            try await TLSPeer.ask(connection)
            #expect(server.requests.count == 1)
        }
    }

    @Test func anotherAuthorityIsAnError() async throws {
        let other = try TLSPeer()
        try await peer.running(hosts: ["kube.example"]) { server in
            for cluster in ["", ", tls-server-name: kube.example"] {
                let error = await TLSPeer.failure { try await TLSPeer.ask(try other.connection("127.0.0.1:\(server.port)", cluster: cluster)) }
                #expect(
                    error?.description.contains("is not signed by the certificate authority of the kubeconfig") == true,
                    "\(error?.description ?? "no error")")
            }
            #expect(server.requests.isEmpty)
        }
    }
}
