import NIOCore
import NIOSSL
import Testing

@testable import Server

@Suite struct ServingIdentityTests {
    /// New handshakes see the new certificate; connections that stand go on, while both are under load.
    @Test func exchangeUnderLoad() async throws {
        let old = try MadeIdentity(name: "old", lasts: 1_000)
        let new = try MadeIdentity(name: "new", lasts: 2_000)
        let oldDER = try NIOSSLCertificate(bytes: Array(old.certificate.utf8), format: .pem).toDERBytes()
        let newDER = try NIOSSLCertificate(bytes: Array(new.certificate.utf8), format: .pem).toDERBytes()
        try await TestServer.running(identity: old) { server in
            let exchanged = Count()
            let answered = Count()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await RawConnection.open(server.port) { connection in
                            var after = 0
                            while after < 50 {
                                if exchanged.value > 0 { after += 1 }
                                try await connection.send(RawRequest.post())
                                #expect(try await connection.answer()?.status == 200)
                                answered.add()
                            }
                            #expect(try await connection.certificate() == oldDER)
                        }
                    }
                }
                // Each of these is a handshake of its own.
                group.addTask {
                    for _ in 0..<20 { #expect(try await Self.shown(server.port) == oldDER) }
                    try server.identity.replace(chain: new.certificate, key: new.key)
                    exchanged.add()
                    for _ in 0..<20 { #expect(try await Self.shown(server.port) == newDER) }
                }
                try await group.waitForAll()
            }
            #expect(answered.value >= 200)
            let leaf = try NIOSSLCertificate(bytes: Array(new.certificate.utf8), format: .pem)
            #expect(server.identity.notAfter == Int64(leaf.notValidAfter))
        }
    }

    private static func shown(_ port: Int) async throws -> [UInt8]? {
        try await RawConnection.open(port) { connection in
            try await connection.send(RawRequest.get("/healthz", "Connection: close"))
            #expect(try await connection.answer()?.status == 200)
            return try await connection.certificate()
        }
    }

    @Test func whatCannotServeChangesNothing() async throws {
        let (one, other) = (try MadeIdentity(name: "one"), try MadeIdentity(name: "other"))
        let identity = try ServingIdentity(chain: one.certificate, key: one.key)
        let before = identity.notAfter
        for (chain, key, what) in [
            (one.certificate, other.key, "do not belong together"), ("", one.key, "certificate"),
            ("-----BEGIN", one.key, "certificate cannot be read"),
            (one.certificate, "", "key cannot be read"), (one.certificate, one.certificate, "key cannot be read"),
        ] {
            let fault = #expect(throws: ServingIdentityFault.self) { try identity.replace(chain: chain, key: key) }
            #expect(fault?.description.contains(what) == true)
            #expect(fault?.description.contains("PRIVATE") == false)
        }
        #expect(identity.notAfter == before)
    }

    @Test(arguments: [(TLSVersion.tlsv11, false), (.tlsv12, true), (.tlsv13, true)])
    func versions(version: TLSVersion, isAccepted: Bool) async throws {
        try await TestServer.running { server in
            let status: Int? = try? await RawConnection.open(
                server.port, adjust: { ($0.minimumTLSVersion, $0.maximumTLSVersion) = (.tlsv1, version) }
            ) {
                try await $0.send(RawRequest.get("/healthz"))
                return try await $0.answer()?.status
            }
            #expect(status == (isAccepted ? 200 : nil))
        }
    }

    @Test(arguments: ["/validate", "/mutate"])
    func reviewsCanNeedAClientCertificate(path: String) async throws {
        let authority = try MadeIdentity(name: "authority")
        let client = try MadeIdentity(name: "apiserver", by: authority)
        let stranger = try MadeIdentity(name: "apiserver", by: try MadeIdentity(name: "authority"))
        try await TestServer.running(clientAuthorities: authority.certificate) { server in
            for (shown, review, health) in [(client, 200, 200), (nil, 403, 200), (stranger, nil, nil)] as [(MadeIdentity?, Int?, Int?)] {
                var statuses: [Int?] = []
                for request in [RawRequest.post(path), RawRequest.get("/healthz")] {
                    let status: Int? = try? await RawConnection.open(server.port, adjust: { try? Self.show(shown, &$0) }) {
                        try await $0.send(request)
                        return try await $0.answer()?.status
                    }
                    statuses.append(status)
                }
                #expect(statuses == [review, health])
            }
        }
    }

    private static func show(_ identity: MadeIdentity?, _ tls: inout TLSConfiguration) throws {
        guard let identity else { return }
        tls.certificateChain = [.certificate(try NIOSSLCertificate(bytes: Array(identity.certificate.utf8), format: .pem))]
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem))
    }

    /// Who speaks no TLS gets nothing, and holds nothing up.
    @Test func aHandshakeThatDoesNotCome() async throws {
        let metrics = try await TestServer.running(adjust: { $0.handshakeTime = .milliseconds(50) }) { server in
            try await PlainConnection.open(server.port) { connection in
                let text = try await connection.readToEnd()
                #expect(text.isEmpty)
            }
            return server.metrics
        }
        // The client may see the end before it is counted.
        #expect(metrics.connectionsClosed.value("handshake") == 1)
    }
}
