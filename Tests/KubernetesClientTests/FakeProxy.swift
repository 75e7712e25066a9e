import NIOCore
import NIOPosix
import Synchronization

/// A proxy on loopback: whatever target is asked for, the way leads to one server. So a test sees that the client left the name to the proxy.
final class FakeProxy: Sendable {
    enum Kind: Sendable {
        /// - Parameter status: what CONNECT is answered with.
        case http(status: String = "200 Connection established")
        /// - Parameter reply: 0 lets it through, 2 does not (RFC 1928, 6).
        case socks(reply: UInt8 = 0)
    }

    let port: Int
    private let log: Log

    private final class Log: Sendable {
        let seen = Mutex<[String]>([])
        func note(_ line: String) { seen.withLock { $0.append(line) } }
    }

    /// What was asked for: the head of a CONNECT, or `socks HOST:PORT`.
    var seen: [String] { log.seen.withLock { $0 } }

    private init(port: Int, log: Log) { (self.port, self.log) = (port, log) }

    static func running<R>(_ kind: Kind = .http(), to target: (host: String, port: Int), _ body: (FakeProxy) async throws -> R) async throws -> R {
        let log = Log()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Greeting(kind, target.host, target.port) { log.note($0) })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = FakeProxy(port: channel.localAddress?.port ?? 0, log: log)
        do {
            let result = try await body(proxy)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// Reads what is asked for, connects, and from then on passes bytes on.
    private final class Greeting: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let kind: Kind
        private let host: String
        private let port: Int
        private let note: @Sendable (String) -> Void
        private var bytes: [UInt8] = []
        private var isGreeted = false
        private var isConnecting = false
        private var upstream: (any Channel)?

        init(_ kind: Kind, _ host: String, _ port: Int, note: @escaping @Sendable (String) -> Void) {
            (self.kind, self.host, self.port, self.note) = (kind, host, port, note)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            if let upstream { return upstream.writeAndFlush(buffer, promise: nil) }
            bytes += buffer.readableBytesView
            guard !isConnecting else { return }
            switch kind {
            case .http(let status): connect(status, context)
            case .socks(let reply): socks(reply, context)
            }
        }

        func channelInactive(context: ChannelHandlerContext) { upstream?.close(promise: nil) }

        private func connect(_ status: String, _ context: ChannelHandlerContext) {
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.contains("\r\n\r\n") else { return }
            note(text)
            bytes = []
            let answer = Array("HTTP/1.1 \(status)\r\n\(status.hasPrefix("200") ? "" : "Content-Length: 0\r\n")\r\n".utf8)
            guard status.hasPrefix("200") else { return send(answer, context) }
            open(answer, context)
        }

        /// RFC 1928: methods, then a request for an address (1) or a name (3).
        private func socks(_ reply: UInt8, _ context: ChannelHandlerContext) {
            if !isGreeted {
                guard bytes.count >= 3 else { return }
                isGreeted = true
                bytes.removeFirst(2 + Int(bytes[1]))
                return send([5, 0], context)
            }
            guard bytes.count >= 5 else { return }
            let isName = bytes[3] == 3
            let length = isName ? Int(bytes[4]) : 4
            let start = isName ? 5 : 4
            guard bytes.count >= start + length + 2 else { return }
            let target = bytes[start..<start + length]
            let name = isName ? String(decoding: target, as: UTF8.self) : target.map(String.init).joined(separator: ".")
            note("socks \(name):\(Int(bytes[start + length]) << 8 | Int(bytes[start + length + 1]))")
            bytes.removeFirst(start + length + 2)
            let answer: [UInt8] = [5, reply, 0, 1, 0, 0, 0, 0, 0, 0]
            if reply == 0 { open(answer, context) } else { send(answer, context) }
        }

        private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        }

        private func open(_ answer: [UInt8], _ context: ChannelHandlerContext) {
            isConnecting = true
            let client = context.channel
            ClientBootstrap(group: context.eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Backward(client)) }
                }
                .connect(host: host, port: port).assumeIsolated().whenComplete { [self] result in
                    guard case .success(let channel) = result else { return client.close(promise: nil) }
                    upstream = channel
                    client.writeAndFlush(ByteBuffer(bytes: answer), promise: nil)
                    if !bytes.isEmpty { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }
                }
        }
    }

    private final class Backward: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let client: any Channel

        init(_ client: any Channel) { self.client = client }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { client.writeAndFlush(unwrapInboundIn(data), promise: nil) }
        func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
    }
}
