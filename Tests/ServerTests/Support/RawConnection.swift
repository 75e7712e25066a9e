import NIOCore
import NIOPosix
import NIOSSL

/// An answer as it came.
struct RawAnswer: Equatable {
    var status: Int
    /// Names in small letters.
    var headers: [String: String]
    var body: String

    func header(_ name: String) -> String? { headers[name] }
}

/// A TLS connection on which a test writes byte for byte what it likes.
struct RawConnection {
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let channel: any Channel
    private var received = ""

    struct Broken: Error {}

    /// - Parameter adjust: changes the TLS configuration, for certificates and versions.
    static func open<R: Sendable>(
        _ port: Int, adjust: (inout TLSConfiguration) -> Void = { _ in }, _ body: (inout RawConnection) async throws -> R
    ) async throws -> R {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        tls.applicationProtocols = ["http/1.1"]
        // Once nobody reads, the answer to its own goodbye goes unread too.
        tls.shutdownTimeout = .milliseconds(50)
        adjust(&tls)
        let context = try NIOSSLContext(configuration: tls)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: nil))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(iterator: inbound.makeAsyncIterator(), outbound: outbound, channel: channel.channel)
            return try await body(&connection)
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// The next answer; nil when the server closed before it.
    mutating func answer() async throws -> RawAnswer? {
        while true {
            if let end = received.firstRange(of: "\r\n\r\n") {
                let lines = received[..<end.lowerBound].split(separator: "\r\n")
                var answer = RawAnswer(status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: [:], body: "")
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    answer.headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
                }
                let length = Int(answer.headers["content-length"] ?? "0") ?? 0
                let rest = received[end.upperBound...]
                if rest.utf8.count >= length {
                    answer.body = String(decoding: rest.utf8.prefix(length), as: UTF8.self)
                    received = String(decoding: rest.utf8.dropFirst(length), as: UTF8.self)
                    return answer
                }
            }
            guard let more = try await next() else { return nil }
            received += more
        }
    }

    /// Whether the server closes without another byte.
    mutating func isClosed() async throws -> Bool {
        guard received.isEmpty else { return false }
        return try await next() == nil
    }

    private mutating func next() async throws -> String? {
        do { return try await iterator.next(isolation: #isolation).map { String(buffer: $0) } } catch let error as NIOSSLError {
            // Some close without saying so in TLS; for HTTP with a length that is an end as well.
            if case .uncleanShutdown = error { return nil }
            throw error
        }
    }

    /// What the server showed, as DER.
    func certificate() async throws -> [UInt8]? { try await channel.nioSSL_peerCertificate().get()?.toDERBytes() }
}

/// Requests as text.
enum RawRequest {
    static func post(_ path: String = "/validate", body: String = "{}", _ headers: String...) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + headers.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    static func get(_ path: String, _ headers: String...) -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n"
    }
}

/// A connection without TLS.
struct PlainConnection {
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator

    static func open<R: Sendable>(_ port: Int, _ body: (inout PlainConnection) async throws -> R) async throws -> R {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
        }
        return try await channel.executeThenClose { inbound, _ in
            var connection = PlainConnection(iterator: inbound.makeAsyncIterator())
            return try await body(&connection)
        }
    }

    mutating func readToEnd() async throws -> String {
        var text = ""
        while let part = try await iterator.next(isolation: #isolation) { text += String(buffer: part) }
        return text
    }
}
