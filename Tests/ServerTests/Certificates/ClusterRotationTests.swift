import ClusterSupport
import Documents
import Foundation
import Kubernetes
import KubernetesClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import Server

/// The authority in a Secret, and its rotation under a real API server that calls a real webhook all the time.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct ClusterRotationTests {
    /// Certificates for the test must be valid by the clock of the API server at each moment of the rotation.
    private static let policy = {
        var policy = RotationPolicy()
        (policy.authorityLifetime, policy.backdate, policy.settling) = (36 * 3_600, 24 * 3_600, 2)
        return policy
    }()

    @Test func aSecretKeepsWhatIsNotOurs() async throws {
        try await APIServer.running(flags: InstallationTests.flags) { server in
            _ = try server.create(InstallationTests.namespace("demarc"))
            let secret =
                #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"demarc-ca","namespace":"demarc","labels":{"a":"b"},"annotations":{"meta.helm.sh/release-name":"x"}}}"#
            #expect(try server.create(secret).map(\.status) == [201])
            try await InstallationTests.connected(server) { client in
                let store = SecretStore(client, namespace: "demarc")
                let (empty, version) = try await store.load()
                #expect(empty == AuthorityState() && version != nil)
                let state = try AuthorityState().taking(
                    .begin(reason: ""), for: CertificateNames(["demarc.demarc.svc"]), policy: RotationPolicy(),
                    now: Timestamp(secondsSinceEpoch: 1_800_000_000))
                #expect(try await store.save(state, over: version))
                #expect(try await store.save(state, over: version) == false, "the version is over")
                #expect(try await store.save(state, over: nil) == false, "it exists")
                let (read, _) = try await store.load()
                #expect(read == state)
                let live = try InstallationTests.get(server, "/api/v1/namespaces/demarc/secrets/demarc-ca")
                #expect(live["metadata"]["labels"]["a"].text == "b")
                #expect(live["metadata"]["annotations"]["meta.helm.sh/release-name"].text == "x")
                _ = try server.request("DELETE", "/api/v1/namespaces/demarc/secrets/demarc-ca")
                #expect(try await store.load().version == nil)
                #expect(try await store.save(state, over: "7") == false)
                #expect(try await store.save(state, over: nil))
            }
        }
    }

    /// One authority goes, another comes, and every Pod that somebody creates meanwhile is reviewed and admitted.
    @Test func aRotationFailsNoRequest() async throws {
        try await APIServer.running(flags: InstallationTests.flags) { server in
            _ = try server.create([InstallationTests.namespace("demarc"), InstallationTests.namespace("shop")].joined(separator: "\n"))
            try await InstallationTests.connected(server) { client in
                let webhook = try await Webhook.start()
                let settings = InstallationTests.settings(.url("https://127.0.0.1:\(webhook.port)"))
                let installer = Installer(client, settings: settings)
                let keeper = CertificateKeeper(
                    store: SecretStore(client, namespace: "demarc"), names: try CertificateNames(["127.0.0.1"]), policy: Self.policy,
                    mayWrite: { true }, isPublished: { try await installer.isPublished($0) }, serve: { try webhook.serve($0) })
                let start = Timestamp(Date())
                let first = try await keeper.look(now: start)
                _ = try await installer.reconcile(bundle: first.bundle)
                var names = (0...).lazy.map { "p\($0)" }.makeIterator()
                func create(_ count: Int) throws -> [Int] {
                    let pods = (0..<count).compactMap { _ in names.next() }.map { InstallationTests.pod($0, "shop") }
                    let requests = pods.map { APIServer.Request("POST", "/api/v1/namespaces/shop/pods", body: $0) }
                    return try zip(requests, server.send(requests)).map { request, answer in
                        // One that was not reviewed within its seconds tells of a busy machine, and not of certificates.
                        let isLate = answer.status == 500 && (answer.body.contains("deadline exceeded") || answer.body.contains("Client.Timeout"))
                        return try isLate ? server.send([request]).first?.status ?? 0 : answer.status
                    }
                }
                // The API server begins to ask a moment after it was told to.
                let isAsked = try await InstallationTests.eventually {
                    _ = try create(1)
                    return webhook.reviews > 0
                }
                #expect(isAsked)
                #expect(try create(20) == Array(repeating: 201, count: 20))
                var steps: [String] = []
                // From the moment it is due, a look each second; Pods all the while.
                for second in 0..<8 {
                    let status = try await keeper.look(now: start.advanced(bySeconds: 17 * 3_600 + Int64(second)))
                    steps += status.done
                    #expect(try create(10) == Array(repeating: 201, count: 10), "second \(second), before the bundle: \(steps)")
                    _ = try await installer.reconcile(bundle: status.bundle)
                    #expect(try create(10) == Array(repeating: 201, count: 10), "second \(second), behind the bundle: \(steps)")
                }
                #expect(
                    steps.map { String($0.prefix { $0 != ":" && $0 != "2" }) } == [
                        "a new authority that is trusted first", "the bundle with the next authority is published",
                        "the next authority signs from now on", "a new serving certificate until ",
                    ])
                #expect(webhook.reviews > 180)
                #expect(webhook.served == 2)
                try await webhook.stop()
                #expect(try create(1) == [500], "it was the webhook that answered")
            }
        }
    }
}

/// A webhook that admits everything, with a certificate that can be changed while it runs.
private final class Webhook: Sendable {
    private let context = Mutex<NIOSSLContext?>(nil)
    private let counts = Mutex((reviews: 0, served: 0))
    private let channel = Mutex<(any Channel)?>(nil)

    var reviews: Int { counts.withLock { $0.reviews } }
    var served: Int { counts.withLock { $0.served } }
    var port: Int { channel.withLock { $0?.localAddress?.port } ?? 0 }

    static func start() async throws -> Webhook {
        let webhook = Webhook()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                guard let context = webhook.context.withLock({ $0 }) else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Answer(webhook))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        webhook.channel.withLock { $0 = channel }
        return webhook
    }

    func serve(_ certificate: ServingCertificate) throws {
        let chain = try certificate.chain.map { NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0, format: .der)) }
        let key = try NIOSSLPrivateKey(bytes: certificate.key, format: .der)
        let made = try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
        context.withLock { $0 = made }
        counts.withLock { $0.served += 1 }
    }

    func stop() async throws {
        context.withLock { $0 = nil }
        try await channel.withLock { $0 }?.close()
    }

    fileprivate func count() { counts.withLock { $0.reviews += 1 } }

    /// Ends each connection, so that each review shakes hands with the certificate of its time.
    private final class Answer: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let webhook: Webhook
        private var body: [UInt8] = []

        init(_ webhook: Webhook) { self.webhook = webhook }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head: body = []
            case .body(let buffer): body += Array(buffer.readableBytesView)
            case .end:
                webhook.count()
                let uid = DocumentTree.parse(body, source: "review", syntax: .json).tree.roots.first?["request"]["uid"].text ?? ""
                let text = #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"\#(uid)","allowed":true}}"#
                var head = HTTPResponseHead(version: .http1_1, status: .ok)
                head.headers = ["Content-Type": "application/json", "Content-Length": "\(text.utf8.count)", "Connection": "close"]
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
            }
        }
    }
}
