import Admission
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

@testable import Server

@Suite struct HTTP2Tests {
    /// Runs `body` with a client that takes HTTP/2 where it is offered.
    private static func client<R: Sendable>(_ body: @Sendable (HTTPClient) async throws -> R) async throws -> R {
        var configuration = HTTPClient.Configuration()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        configuration.tlsConfiguration = tls
        configuration.httpVersion = .automatic
        return try await HTTPClient.withHTTPClient(configuration: configuration) { try await body($0) }
    }

    private static func review(_ server: TestServer, _ body: HTTPClientRequest.Body, path: String = "/validate") -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)\(path)")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = body
        return request
    }

    @Test func manyReviewsAtOnce() async throws {
        try await TestServer.running(review: { (_, body) async throws(ReviewFault) in
            var answer = TestServer.answer()
            answer.body = body
            return answer
        }) { server in
            try await Self.client { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            let response = try await client.execute(
                                Self.review(server, .bytes(ByteBuffer(string: "\(number)"))), timeout: .seconds(120))
                            #expect(response.version == .http2)
                            #expect(response.status == .ok)
                            #expect(response.headers["connection"].isEmpty)
                            #expect(try await String(buffer: response.body.collect(upTo: 100)) == "\(number)")
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func limitsHoldHereToo() async throws {
        try await TestServer.running(adjust: { $0.longestBody = 100_000 }) { server in
            try await Self.client { client in
                let long = try await client.execute(Self.review(server, .bytes(ByteBuffer(repeating: 32, count: 100_001))), timeout: .seconds(120))
                #expect(long.status == .payloadTooLarge)
                #expect(long.version == .http2)
                let wrong = try await client.execute(Self.review(server, .bytes(ByteBuffer(string: "{}")), path: "/other"), timeout: .seconds(120))
                #expect(wrong.status == .notFound)
                let well = try await client.execute(Self.review(server, .bytes(ByteBuffer(string: "{}"))), timeout: .seconds(120))
                #expect(well.status == .ok)
            }
        }
        try await TestServer.running(adjust: { $0.bodyTime = .milliseconds(100) }) { server in
            try await Self.client { client in
                // A body that never ends.
                let (parts, part) = AsyncStream.makeStream(of: ByteBuffer.self)
                part.yield(ByteBuffer(string: "{"))
                let late = try await client.execute(Self.review(server, .stream(parts, length: .unknown)), timeout: .seconds(120))
                #expect(late.status == .requestTimeout)
                #expect(late.version == .http2)
                part.finish()
            }
        }
    }

    /// Clients hear that they should go elsewhere, and what they ask meanwhile is answered.
    @Test func stoppingEndsNoRequest() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        try await TestServer.running(
            adjust: { $0.drainDelay = .seconds(60) },
            review: { (_, body) async throws(ReviewFault) in
                if body == Array("wait".utf8) {
                    enter.yield()
                    for await _ in released { break }
                }
                return TestServer.answer()
            }
        ) { server in
            try await Self.client { client in
                async let waiting = client.execute(Self.review(server, .bytes(ByteBuffer(string: "wait"))), timeout: .seconds(120))
                for await _ in entered { break }
                await server.beginStopping()
                try await server.draining()
                for _ in 0..<20 {
                    let response = try await client.execute(Self.review(server, .bytes(ByteBuffer(string: "{}"))), timeout: .seconds(120))
                    #expect(response.status == .ok)
                }
                release.yield()
                #expect(try await waiting.status == .ok)
                #expect(try await waiting.version == .http2)
            }
            server.endDelay()
        }
    }
}
