import Admission
import Testing

@testable import Server

/// Stopping, as a rolling update does it.
@Suite struct DrainTests {
    @Test func itSaysSoAndStillAnswers() async throws {
        try await TestServer.running(adjust: { $0.drainDelay = .seconds(60) }) { server in
            try await RawConnection.open(server.port) { standing in
                try await standing.send(RawRequest.get("/readyz?verbose"))
                #expect(try await standing.answer()?.body == "[+]rules ok\nreadyz check passed\n")
                await server.beginStopping()
                try await server.draining()
                // A connection from before: answered, and told to go.
                try await standing.send(RawRequest.post())
                let last = try await standing.answer()
                #expect(last?.status == 200)
                #expect(last?.header("connection") == "close")
                #expect(try await standing.isClosed())
                // New ones are answered too.
                try await RawConnection.open(server.port) { new in
                    try await new.send(RawRequest.get("/readyz"))
                    let answer = try await new.answer()
                    #expect(answer?.status == 503)
                    #expect(answer?.body == "[+]rules ok\n[-]shutdown failed: the server is about to stop\nreadyz check failed\n")
                    #expect(answer?.header("connection") == "close")
                    #expect(try await new.isClosed())
                }
                // Requests sent ahead are answered before the end.
                try await RawConnection.open(server.port) { new in
                    try await new.send(RawRequest.post() + RawRequest.post() + RawRequest.post())
                    var headers: [String?] = []
                    while let answer = try await new.answer() { headers.append(answer.header("connection")) }
                    #expect(headers.last == "close")
                }
            }
            server.endDelay()
        }
    }

    /// What is in flight is answered, however long the server has wanted to stop.
    @Test func requestsInFlightAreFinished() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        try await TestServer.running(review: { (_, _) async throws(ReviewFault) in
            enter.yield()
            for await _ in released { break }
            return TestServer.answer()
        }) { server in
            try await RawConnection.open(server.port) { idle in
                try await idle.send(RawRequest.get("/healthz"))
                #expect(try await idle.answer()?.status == 200)
                try await RawConnection.open(server.port) { connection in
                    try await connection.send(RawRequest.post())
                    for await _ in entered { break }
                    await server.beginStopping()
                    // The idle one is closed once nothing new is taken, and so one knows that this is so.
                    #expect(try await idle.isClosed())
                    release.yield()
                    let answer = try await connection.answer()
                    #expect(answer?.status == 200)
                    #expect(answer?.header("connection") == "close")
                    #expect(try await connection.isClosed())
                }
            }
        }
    }

    /// Patience ends somewhere: a request that nobody answers does not keep the process.
    @Test func whatNeverEndsIsGivenUp() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        try await TestServer.running(
            adjust: { $0.drainLimit = .milliseconds(50) },
            review: { (_, _) async throws(ReviewFault) in
                enter.yield()
                for await _ in released { break }
                return TestServer.answer()
            }
        ) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(RawRequest.post())
                for await _ in entered { break }
                await server.beginStopping()
                #expect(try await connection.answer() == nil)
            }
            #expect(server.log.lines(with: "requests in flight are given up").count == 1)
            release.finish()
        }
    }

    /// Two replicas, one of which stops: clients that do what HTTP says see not one failed request.
    @Test func noRequestFailsUnderLoad() async throws {
        try await TestServer.running { second in
            try await TestServer.running(adjust: { $0.drainDelay = .seconds(60) }) { first in
                let answered = Count()
                let left = Count()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            var isAtFirst = true
                            var after = 0
                            while after < 25 {
                                isAtFirst = try await RawConnection.open(isAtFirst ? first.port : second.port) { connection in
                                    while after < 25 {
                                        try await connection.send(RawRequest.post())
                                        let answer = try await connection.answer()
                                        #expect(answer?.status == 200)
                                        answered.add()
                                        if !isAtFirst { after += 1 }
                                        if answer?.header("connection") == "close" { break }
                                    }
                                    return false
                                }
                            }
                            left.add()
                        }
                    }
                    while answered.value < 200 { await Task.yield() }
                    await first.beginStopping()
                    try await group.waitForAll()
                }
                #expect(left.value == 8)
                #expect(first.metrics.requests.value("validate", "CREATE", "pods", "allow", "false") >= 200)
                #expect(second.metrics.requests.value("validate", "CREATE", "pods", "allow", "false") == 200)
                first.endDelay()
            }
        }
    }
}
