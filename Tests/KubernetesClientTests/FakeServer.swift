import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import KubernetesClient

/// A server on loopback that answers as a test says, for faults that a real one does not show on demand.
final class FakeServer: Sendable {
    /// What a request was answered with.
    struct Answer: Sendable {
        var status = 200
        var headers: [(String, String)] = [("Content-Type", "application/json")]
        var body: [UInt8] = []
        /// Where in the body the connection is cut; nil sends it all.
        var cutAfter: Int?
        /// Never answered.
        var isSilent = false

        init(_ status: Int = 200, _ body: String = "{}", headers: [(String, String)] = [], cutAfter: Int? = nil, isSilent: Bool = false) {
            (self.status, self.body, self.cutAfter, self.isSilent) = (status, Array(body.utf8), cutAfter, isSilent)
            self.headers += headers
        }
    }

    struct Request: Sendable {
        var method: String
        /// With its query.
        var target: String
        var headers: HTTPHeaders
        var body: String

        func header(_ name: String) -> [String] { headers[name] }

        var path: String { String(target.prefix { $0 != "?" }) }

        func query(_ name: String) -> String? {
            target.split(separator: "?").dropFirst().first?.split(separator: "&").first { $0.hasPrefix(name + "=") }
                .map { String($0.dropFirst(name.count + 1)) }
        }
    }

    private let seen = Mutex<[Request]>([])
    let port: Int

    var requests: [Request] { seen.withLock { $0 } }

    private init(port: Int) { self.port = port }

    /// Runs `body` beside a server; `answer` is told how many requests came before.
    static func running<R>(
        _ answer: @escaping @Sendable (Request, Int) -> Answer, _ body: (FakeServer) async throws -> R
    ) async throws -> R {
        let holder = Holder()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(answer, holder))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = FakeServer(port: channel.localAddress?.port ?? 0)
        holder.server.withLock { $0 = server }
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// A client of this server. Waiting between attempts is as good as none, so that no test takes long.
    func client<R: Sendable>(
        token: String? = nil, credential: Connection.CredentialSource? = nil, timeout: Duration = .seconds(20), attempts: Int = 5,
        _ body: @Sendable (ClusterClient) async throws -> R
    ) async throws -> R {
        let address = try #require(ServerAddress("http://127.0.0.1:\(port)"))
        let connection = Connection(
            name: "fake", namespace: nil, server: address, trust: Connection.Trust(), proxy: nil,
            credential: credential ?? token.map { .token(Secret($0)) } ?? .none)
        var settings = ClientSettings()
        settings.timeout = timeout
        settings.retries = RetryPolicy(attempts: attempts, first: .milliseconds(1), longest: .milliseconds(2))
        return try await ClusterClient.connected(to: connection, settings: settings, body)
    }

    private final class Holder: Sendable {
        let server = Mutex<FakeServer?>(nil)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: @Sendable (Request, Int) -> Answer
        private let holder: Holder
        private var head: HTTPRequestHead?
        private var body = ""

        init(_ answer: @escaping @Sendable (Request, Int) -> Answer, _ holder: Holder) { (self.answer, self.holder) = (answer, holder) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, "")
            case .body(let part): body += String(buffer: part)
            case .end:
                guard let head else { return }
                let request = Request(method: head.method.rawValue, target: head.uri, headers: head.headers, body: body)
                let count = holder.server.withLock { $0 }?.seen.withLock { seen in
                    seen.append(request)
                    return seen.count - 1
                }
                send(answer(request, count ?? 0), context)
            }
        }

        private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
            guard !answer.isSilent else { return }
            var headers = HTTPHeaders(answer.headers)
            headers.add(name: "Content-Length", value: "\(answer.body.count)")
            let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            let part = answer.body.prefix(answer.cutAfter ?? answer.body.count)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: part)))), promise: nil)
            if answer.cutAfter != nil { context.close(promise: nil) } else { context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        }
    }
}
