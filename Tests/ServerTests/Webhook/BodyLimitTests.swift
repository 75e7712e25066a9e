import Admission
import NIOCore
import Testing

@testable import Server

/// What comes too long, too slowly or too much at once.
@Suite struct BodyLimitTests {
    private static let head = "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

    /// By name, since one of them is long.
    private static let long = [
        "announced and never sent": head + "Content-Length: 101\r\n\r\n",
        // Told before it is sent, so there is no "100 Continue".
        "expected": head + "Expect: 100-continue\r\nContent-Length: 101\r\n\r\n",
        "in chunks": head + "Transfer-Encoding: chunked\r\n\r\n64\r\n\(String(repeating: "x", count: 100))\r\n1\r\nx",
        // Far more than is read.
        "sent": head + "Content-Length: 3000000\r\n\r\n" + String(repeating: "x", count: 3_000_000),
        // No number of this machine.
        "a length without end": head + "Content-Length: 99999999999999999999\r\n\r\n",
    ]

    @Test(arguments: long.keys.sorted())
    func tooLong(name: String) async throws {
        let calls = Count()
        let request = try #require(Self.long[name])
        // The parser refuses a number that it cannot hold before anybody sees it.
        let isParsed = name != "a length without end"
        try await TestServer.running(adjust: { $0.longestBody = 100 }, review: TestServer.counting(calls)) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(request)
                let answer = try await connection.answer()
                #expect(answer?.status == (isParsed ? 413 : 400))
                #expect(answer?.header("connection") == "close")
                #expect(try await connection.isClosed())
            }
            #expect(server.metrics.refused.value("validate", "too_large") == (isParsed ? 1 : 0))
        }
        #expect(calls.value == 0)
    }

    @Test func aBodyOfJustTheLimit() async throws {
        let calls = Count()
        try await TestServer.running(adjust: { $0.longestBody = 100 }, review: TestServer.counting(calls)) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(RawRequest.post(body: String(repeating: " ", count: 100)))
                #expect(try await connection.answer()?.status == 200)
                let chunks = "32\r\n\(String(repeating: " ", count: 50))\r\n"
                try await connection.send(Self.head + "Transfer-Encoding: chunked\r\n\r\n" + chunks + chunks + "0\r\n\r\n")
                #expect(try await connection.answer()?.status == 200)
            }
        }
        #expect(calls.value == 2)
    }

    @Test func expectationsAreMet() async throws {
        try await TestServer.running { server in
            try await RawConnection.open(server.port) { connection in
                for _ in 0..<2 {
                    try await connection.send(Self.head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                    #expect(try await connection.answer()?.status == 100)
                    try await connection.send("{}")
                    #expect(try await connection.answer()?.status == 200)
                }
            }
        }
    }

    @Test func aBodyThatDoesNotCome() async throws {
        let calls = Count()
        try await TestServer.running(adjust: { $0.bodyTime = .milliseconds(50) }, review: TestServer.counting(calls)) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(Self.head + "Content-Length: 10\r\n\r\n{\"a\"")
                let answer = try await connection.answer()
                #expect(answer?.status == 408)
                #expect(answer?.header("connection") == "close")
                #expect(try await connection.isClosed())
            }
            #expect(server.metrics.refused.value("validate", "timeout") == 1)
        }
        #expect(calls.value == 0)
    }

    @Test(arguments: ["", "POST /validate HTTP/1.1\r\nHost: a\r\n"])
    func aRequestThatDoesNotCome(beginning: String) async throws {
        try await TestServer.running(adjust: { $0.firstRequestTime = .milliseconds(50) }) { server in
            try await RawConnection.open(server.port) { connection in
                if !beginning.isEmpty { try await connection.send(beginning) }
                #expect(try await connection.answer() == nil)
            }
        }
    }

    @Test func aConnectionThatIsNotUsed() async throws {
        try await TestServer.running(adjust: { $0.idleTime = .milliseconds(50) }) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(RawRequest.get("/healthz"))
                #expect(try await connection.answer()?.status == 200)
                #expect(try await connection.isClosed())
            }
        }
    }

    /// Half a body is none, whatever it looks like.
    @Test func aClientThatLeavesInTheMiddle() async throws {
        let calls = Count()
        try await TestServer.running(review: TestServer.counting(calls)) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(Self.head + "Content-Length: 4\r\n\r\n{}")
            }
            // Once this is answered, whatever would have come of the other one would have come.
            try await RawConnection.open(server.port) { connection in
                try await connection.send(RawRequest.get("/healthz"))
                #expect(try await connection.answer()?.status == 200)
            }
        }
        #expect(calls.value == 0)
    }

    @Test func bodiesShareTheirMemory() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let hold: ReviewHandler = { (_, body) async throws(ReviewFault) in
            if body.count == 60 {
                enter.yield()
                for await _ in released { break }
            }
            return TestServer.answer()
        }
        try await TestServer.running(adjust: { $0.bodyMemory = 100 }, review: hold) { server in
            try await RawConnection.open(server.port) { waiting in
                try await waiting.send(RawRequest.post(body: String(repeating: " ", count: 60)))
                for await _ in entered { break }
                // Who only announces a long body takes nothing from anybody.
                try await RawConnection.open(server.port) { announcing in
                    try await announcing.send(Self.head + "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n")
                    #expect(try await announcing.answer()?.status == 100)
                    for (length, status) in [(40, 200), (41, 503)] {
                        try await RawConnection.open(server.port) { connection in
                            try await connection.send(RawRequest.post(body: String(repeating: " ", count: length)))
                            let answer = try await connection.answer()
                            #expect(answer?.status == status)
                            #expect(answer?.header("retry-after") == (status == 503 ? "1" : nil))
                        }
                    }
                }
                release.yield()
                #expect(try await waiting.answer()?.status == 200)
                // What was given back is there for the next one.
                try await waiting.send(RawRequest.post(body: String(repeating: " ", count: 100)))
                #expect(try await waiting.answer()?.status == 200)
            }
        }
    }

    /// A place is taken by a whole request until it is answered; who sends slowly takes none.
    @Test func requestsAtOnceAreCounted() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let review: ReviewHandler = { (_, _) async throws(ReviewFault) in
            enter.yield()
            for await _ in released { break }
            return TestServer.answer()
        }
        try await TestServer.running(adjust: { $0.concurrentRequests = 1 }, review: review) { server in
            try await RawConnection.open(server.port) { slow in
                try await slow.send(Self.head + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
                #expect(try await slow.answer()?.status == 100)
                try await RawConnection.open(server.port) { waiting in
                    try await waiting.send(RawRequest.post())
                    for await _ in entered { break }
                    try await RawConnection.open(server.port) { connection in
                        try await connection.send(RawRequest.post())
                        let answer = try await connection.answer()
                        #expect(answer?.status == 429)
                        #expect(answer?.header("retry-after") == "1")
                    }
                    // Health is answered all the same.
                    try await RawConnection.open(server.port) { connection in
                        try await connection.send(RawRequest.get("/healthz"))
                        #expect(try await connection.answer()?.status == 200)
                    }
                    release.finish()
                    #expect(try await waiting.answer()?.status == 200)
                }
            }
            #expect(server.metrics.refused.value("validate", "busy") == 1)
        }
    }

    /// One of a megabyte takes as long as a hundred others, so there is one at a time, and others are answered beside it.
    @Test func longReviewsTakeTurns() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let hold: ReviewHandler = { (_, body) async throws(ReviewFault) in
            if body.first == UInt8(ascii: "[") {
                enter.yield()
                for await _ in released { break }
            }
            return TestServer.answer()
        }
        let long = String(repeating: " ", count: 1 << 20)
        try await TestServer.running(review: hold) { server in
            try await RawConnection.open(server.port) { waiting in
                try await waiting.send(RawRequest.post(body: "[" + long))
                for await _ in entered { break }
                for (body, status) in [("{}", 200), (long, 429), ("{}", 200)] {
                    try await RawConnection.open(server.port) { connection in
                        try await connection.send(RawRequest.post(body: body))
                        #expect(try await connection.answer()?.status == status)
                    }
                }
                release.finish()
                #expect(try await waiting.answer()?.status == 200)
                try await waiting.send(RawRequest.post(body: long))
                #expect(try await waiting.answer()?.status == 200)
            }
            #expect(server.metrics.refused.value("validate", "busy") == 1)
        }
    }

    /// Reviews that wait for each other on one thread take their places one after another, however many have come.
    @Test func whatIsDecidedAtOnceNeedsOnePlaceAThread() async throws {
        try await TestServer.running(adjust: { $0.concurrentRequests = NIOSingletons.groupLoopCountSuggestion }) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        try await RawConnection.open(server.port) { connection in
                            for _ in 0..<20 {
                                try await connection.send(RawRequest.post())
                                #expect(try await connection.answer()?.status == 200)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.metrics.refused.value("validate", "busy") == 0)
        }
    }

    @Test func theOneIdleLongestMakesRoom() async throws {
        try await TestServer.running(adjust: { $0.connections = 2 }) { server in
            try await RawConnection.open(server.port) { busy in
                try await busy.send(Self.head + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
                #expect(try await busy.answer()?.status == 100)
                try await RawConnection.open(server.port) { idle in
                    try await idle.send(RawRequest.get("/healthz"))
                    #expect(try await idle.answer()?.status == 200)
                    try await RawConnection.open(server.port) { new in
                        try await new.send(RawRequest.get("/healthz"))
                        #expect(try await new.answer()?.status == 200)
                        #expect(try await idle.isClosed())
                    }
                }
                try await busy.send("{}")
                #expect(try await busy.answer()?.status == 200)
            }
            #expect(server.metrics.connectionsClosed.value("limit") == 1)
        }
    }
}
