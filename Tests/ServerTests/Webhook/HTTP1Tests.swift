import Admission
import Synchronization
import Testing

@testable import Server

@Suite struct HTTP1Tests {
    @Test func severalReviewsOnOneConnection() async throws {
        let seen = Mutex<[String]>([])
        try await TestServer.running(review: { (stage, body) async throws(ReviewFault) in
            seen.withLock { $0.append("\(stage.rawValue) \(String(decoding: body, as: UTF8.self))") }
            return TestServer.answer()
        }) { server in
            try await RawConnection.open(server.port) { connection in
                for (path, body) in [("/validate", "{\"a\":1}"), ("/mutate?timeout=10s", "{}")] {
                    try await connection.send(RawRequest.post(path, body: body))
                    let answer = try await connection.answer()
                    #expect(answer?.status == 200)
                    #expect(answer?.body == String(decoding: TestServer.allowed, as: UTF8.self))
                    #expect(answer?.header("content-type") == "application/json")
                    #expect(answer?.header("connection") == nil)
                }
            }
        }
        #expect(seen.withLock { $0 } == ["validate {\"a\":1}", "mutate {}"])
    }

    @Test(arguments: [
        (RawRequest.get("/validate"), 405, "allow", "POST"),
        (RawRequest.post("/healthz"), 405, "allow", "GET, HEAD"),
        (RawRequest.post("/metrics"), 405, "allow", "GET, HEAD"),
        (RawRequest.get("/"), 404, "content-type", "text/plain; charset=utf-8"),
        (RawRequest.get("/validate/"), 404, "content-type", "text/plain; charset=utf-8"),
        (RawRequest.get("*"), 404, "content-type", "text/plain; charset=utf-8"),
        ("POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 415, "connection", "close"),
        ("POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/yaml\r\nContent-Length: 2\r\n\r\n{}", 415, "connection", "close"),
        (RawRequest.post(body: "{}", "Content-Encoding: gzip"), 415, "connection", "close"),
        (
            "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: Application/JSON ; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}", 200,
            "content-length", "39"
        ),
        (RawRequest.get("/healthz"), 200, "content-length", "2"),
        (RawRequest.get("/livez"), 200, "content-type", "text/plain; charset=utf-8"),
    ])
    func statusOf(request: String, status: Int, header: String, value: String) async throws {
        try await TestServer.running { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(request)
                let answer = try await connection.answer()
                #expect(answer?.status == status)
                #expect(answer?.header(header) == value)
            }
        }
    }

    @Test func malformedReviewsAreNeverAllowed() async throws {
        let reason = "line 1: \"kind\" is missing\u{1B}[2J" + String(repeating: "x", count: 5_000)
        try await TestServer.running(review: { (_, _) async throws(ReviewFault) in throw ReviewFault(reason) }) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(RawRequest.post(body: "not json"))
                let answer = try await connection.answer()
                #expect(answer?.status == 400)
                #expect(answer?.body.hasPrefix("line 1: \"kind\" is missing [2J") == true)
                #expect((answer?.body.count ?? 0) < 1_100)
                // The connection goes on: the body was read to its end.
                try await connection.send(RawRequest.get("/healthz"))
                #expect(try await connection.answer()?.status == 200)
            }
            #expect(server.metrics.refused.value("validate", "malformed") == 1)
        }
    }

    @Test(arguments: ["close", "Close", "keep-alive, CLOSE", "x ,\tclose "])
    func closeIsEchoed(value: String) async throws {
        try await TestServer.running { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(RawRequest.post(body: "{}", "Connection: \(value)"))
                let answer = try await connection.answer()
                #expect(answer?.status == 200)
                #expect(answer?.header("connection") == "close")
                #expect(try await connection.isClosed())
            }
        }
    }

    @Test func requestsSentAheadAreAnsweredInOrder() async throws {
        try await TestServer.running(review: { (_, body) async throws(ReviewFault) in
            var answer = TestServer.answer()
            answer.body = body
            return answer
        }) { server in
            try await RawConnection.open(server.port) { connection in
                let ahead = (0..<20).map { RawRequest.post(body: "{\"n\":\($0)}") }.joined()
                // What comes behind a request that ends the connection is nobody's.
                try await connection.send(ahead + RawRequest.post(body: "{\"n\":20}", "Connection: close") + RawRequest.post(body: "{\"n\":21}"))
                for number in 0...20 {
                    let answer = try await connection.answer()
                    #expect(answer?.body == "{\"n\":\(number)}")
                    #expect(answer?.header("connection") == (number == 20 ? "close" : nil))
                }
                #expect(try await connection.isClosed())
            }
        }
    }

    /// Broken requests by name, since one of them is long.
    private static let broken = [
        "garbage": "GARBAGE\r\n\r\n",
        "negative length": "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        // Two ways to find the end are two ends, and what lies between is smuggled (RFC 9112, 6.3).
        "two framings": "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "two lengths": "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "a long head": "POST /validate HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "y", count: 40_000))\r\n\r\n",
        "many fields": "POST /validate HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 200) + "\r\n",
    ]

    @Test(arguments: broken.keys.sorted())
    func whatIsNoRequestIsRefused(name: String) async throws {
        let calls = Count()
        let request = try #require(Self.broken[name])
        try await TestServer.running(review: TestServer.counting(calls)) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(request)
                let answer = try await connection.answer()
                #expect(answer?.status == 400)
                #expect(answer?.header("connection") == "close")
                #expect(try await connection.isClosed())
            }
        }
        #expect(calls.value == 0)
    }
}
