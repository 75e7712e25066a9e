import ClusterSupport
import Logging
import Synchronization
import Testing

@testable import Traces

/// The HTTP side of the exporter, with a collector on loopback.
struct CollectorClientTests {
    private func settings(_ port: Int) throws -> TracingSettings {
        let environment = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(port)", "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20s3cret",
        ]
        return try #require(TracingSettings.read(environment, version: "1.2.3").settings)
    }

    private func outcome(_ settings: TracingSettings, timeout: Duration = .seconds(120)) async throws -> ExportOutcome {
        let result = Mutex<ExportOutcome?>(nil)
        try await CollectorClient.connected(settings) { client in
            let outcome = await client.send(Array("{}".utf8), timeout: timeout)
            result.withLock { $0 = outcome }
        }
        return try #require(result.withLock { $0 })
    }

    @Test(arguments: [
        (FakeServer.Answer(), ExportOutcome.taken(rejected: 0)), (.init(200, "not json"), .taken(rejected: 0)), (.init(202, ""), .taken(rejected: 0)),
        (.init(200, #"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"no"}}"#), .taken(rejected: 3)),
        (.init(200, #"{"partialSuccess":{"rejectedSpans":2}}"#), .taken(rejected: 2)),
        (.init(429, "", headers: [("Retry-After", "7")]), .again(after: .seconds(7), why: "it answers 429")),
        (.init(503, "", headers: [("Retry-After", "99999999")]), .again(after: .seconds(600), why: "it answers 503")),
        (.init(503, "", headers: [("Retry-After", "-1")]), .again(after: nil, why: "it answers 503")),
        (.init(502), .again(after: nil, why: "it answers 502")), (.init(504), .again(after: nil, why: "it answers 504")),
        (.init(400, "s3cret"), .refused(why: "it answers 400")), (.init(500), .refused(why: "it answers 500")),
        (.init(401), .refused(why: "it answers 401; check OTEL_EXPORTER_OTLP_HEADERS")),
        (
            .init(307, "", headers: [("Location", "http://127.0.0.1:1/")]),
            .refused(why: "it answers 307; a redirect is not followed, give the final address")
        ),
    ])
    func answers(answer: FakeServer.Answer, outcome: ExportOutcome) async throws {
        try await FakeServer.running { _, _ in
            answer
        } _: { (server) async throws in
            #expect(try await self.outcome(try settings(server.port)) == outcome)
            let request = try #require(server.requests.first)
            #expect(server.requests.count == 1 && request.method == "POST" && request.target == "/v1/traces" && request.body == "{}")
            #expect(request.header("Content-Type") == ["application/json"] && request.header("Authorization") == ["Bearer s3cret"])
            #expect(request.header("User-Agent") == ["demarc/1.2.3"])
        }
    }

    @Test func silenceAndNobody() async throws {
        let port = try await FakeServer.running { _, _ in
            .init(isSilent: true)
        } _: { (server) async throws in
            #expect(try await outcome(try settings(server.port), timeout: .milliseconds(50)) == .again(after: nil, why: "no answer in time"))
            return server.port
        }
        let nobody = try await outcome(try settings(port))
        #expect(nobody == .again(after: nil, why: "it cannot be reached; check the address and the network policy"))
    }

    /// A file of certificates that is not there keeps nobody from working: spans are counted as lost, and the server goes on.
    @Test func aMissingFileIsSaid() async throws {
        var settings = try settings(1)
        settings.authorities = "/nowhere/ca.pem"
        await #expect(throws: (any Error).self) { try await CollectorClient.connected(settings) { _ in } }
    }
}
