import Foundation
import KubernetesClient
import Ledger
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import Server

/// A ledger in a directory of its own, and what is published of it.
struct PublishedLedger {
    let directory: URL
    let key: Ledger.SigningKey

    var path: String { directory.appending(path: "ledger.db").path }
    var shown: String { directory.appending(path: "shown").path }

    static let time = "2026-11-27T13:00:00Z"

    static func with<R>(_ body: (PublishedLedger) async throws -> R) async throws -> R {
        let directory = FileManager.default.temporaryDirectory.appending(path: "demarc-publish-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let ledger = PublishedLedger(directory: directory, key: try Ledger.SigningKey(name: "ledger.example/one"))
        try ledger.create(ledger.path)
        return try await body(ledger)
    }

    func create(_ path: String) throws { try LedgerWriter.create(path: path, key: key, actor: "operator", time: Self.time) }

    func append(_ subjects: String..., to path: String? = nil) async throws {
        let writer = try LedgerWriter(path: path ?? self.path, key: key)
        for subject in subjects { _ = try await writer.append(Self.entry(subject)) }
    }

    static func entry(_ subject: String) throws -> Entry { try Entry(kind: "test", actor: "ann", subject: subject, time: time) }

    func publisher(_ path: String? = nil) throws -> CheckpointPublisher {
        CheckpointPublisher(try LedgerReader(path: path ?? self.path), keys: [key.verifier])
    }

    func newest() throws -> SignedCheckpoint? { try LedgerReader(path: path).checkpoint() }
}

/// A server on loopback that takes what is posted to it and answers as a test says.
final class PostReceiver: ChannelInboundHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    struct Request: Sendable {
        var head: HTTPRequestHead
        var body = ""
    }

    private let requests: Requests
    private let answer: HTTPResponseStatus?

    final class Requests: Sendable {
        private let seen = Mutex<[Request]>([])
        var all: [Request] { seen.withLock { $0 } }
        func change(_ body: (inout [Request]) -> Void) { seen.withLock { body(&$0) } }
    }

    private init(_ requests: Requests, _ answer: HTTPResponseStatus?) { (self.requests, self.answer) = (requests, answer) }

    /// - Parameter answer: nil never answers.
    static func running<R>(_ answer: HTTPResponseStatus?, _ body: (String, Requests) async throws -> R) async throws -> R {
        let requests = Requests()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(PostReceiver(requests, answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body("http://127.0.0.1:\(channel.localAddress?.port ?? 0)/checkpoints/s3cret", requests)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): requests.change { $0.append(Request(head: head)) }
        case .body(let part): requests.change { $0[$0.count - 1].body += String(buffer: part) }
        case .end:
            guard let answer else { return }
            let headers: HTTPHeaders = ["Content-Length": "0", "Location": "https://elsewhere.example/"]
            context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer, headers: headers))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
