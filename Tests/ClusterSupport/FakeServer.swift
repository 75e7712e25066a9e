internal import NIOCore
public import NIOHTTP1
internal import NIOPosix
public import NIOSSL
internal import Synchronization

/// A server on loopback that answers as a test says, for faults that a real one does not show on demand.
public final class FakeServer: Sendable {
    /// What a request was answered with.
    public struct Answer: Sendable {
        public var status = 200
        public var headers: [(String, String)] = [("Content-Type", "application/json")]
        public var body: [UInt8] = []
        /// Where in the body the connection is cut; nil sends it all.
        public var cutAfter: Int?
        /// Never answered.
        public var isSilent = false

        public init(_ status: Int = 200, _ body: String = "{}", headers: [(String, String)] = [], cutAfter: Int? = nil, isSilent: Bool = false) {
            (self.status, self.body, self.cutAfter, self.isSilent) = (status, Array(body.utf8), cutAfter, isSilent)
            self.headers += headers
        }
    }

    public struct Request: Sendable {
        public var method: String
        /// With its query.
        public var target: String
        public var headers: HTTPHeaders
        public var body: String
        /// The certificate that the client showed, in DER; empty without one.
        public var certificate: [UInt8] = []

        public func header(_ name: String) -> [String] { headers[name] }

        public var path: String { String(target.prefix { $0 != "?" }) }

        public func query(_ name: String) -> String? {
            target.split(separator: "?").dropFirst().first?.split(separator: "&").first { $0.hasPrefix(name + "=") }
                .map { String($0.dropFirst(name.count + 1)) }
        }
    }

    private let seen = Mutex<[Request]>([])
    public let port: Int

    public var requests: [Request] { seen.withLock { $0 } }

    private init(port: Int) { self.port = port }

    /// Runs `body` beside a server; `answer` is told how many requests came before.
    ///
    /// - Parameter tls: speaks TLS with these settings.
    public static func running<R>(
        host: String = "127.0.0.1", tls: TLSConfiguration? = nil, _ answer: @escaping @Sendable (Request, Int) -> Answer,
        _ body: (FakeServer) async throws -> R
    ) async throws -> R {
        let holder = Holder()
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(answer, holder))
                }
            }
            .bind(host: host, port: 0).get()
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
                var request = Request(method: head.method.rawValue, target: head.uri, headers: head.headers, body: body)
                let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
                request.certificate = (try? certificate?.toDERBytes()) ?? []
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
