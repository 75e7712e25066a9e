import ClusterSupport
import Documents
import Foundation
import Testing

@testable import KubernetesClient

/// What becomes of a request when its server, or the way there, has a fault.
struct TransportTests {
    static let list = Resource(version: "v1", name: "pods", kind: "Pod", isNamespaced: true, verbs: ["list"])

    private static func pods(_ names: [String], next: String = "") -> String {
        let items = names.map { "{\"metadata\":{\"name\":\"\($0)\",\"namespace\":\"shop\"},\"spec\":{}}" }.joined(separator: ",")
        return "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"\(next)\"},\"items\":[\(items)]}"
    }

    private static func status(_ code: Int, _ message: String, details: String = "{}", metadata: String = "{}") -> String {
        """
        {"kind":"Status","apiVersion":"v1","metadata":\(metadata),"status":"Failure","message":"\(message)","details":\(details),"code":\(code)}
        """
    }

    /// The names on all pages, as a scan would be left with them.
    private static func names(_ client: ClusterClient, limit: Int = 500, pageBytes: Int = 1 << 20) async throws -> [String] {
        var query = ListQuery(list)
        (query.limit, query.pageBytes) = (limit, pageBytes)
        var names: [String] = []
        try await client.pages(query) { page in
            if page.beginsAnew { names = [] }
            names += page.documents { "pod \($0["metadata"]["name"].text)" }.map(\.tree.source)
        }
        return names
    }

    private static func failure(_ body: () async throws -> Void) async -> ClusterError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ClusterError
        }
    }

    @Test func pagesFollowTheTokenOfTheOneBefore() async throws {
        try await FakeServer.running { request, _ in
            switch request.query("continue") {
            case nil: .init(200, Self.pods(["a", "b"], next: "x=1/"))
            default: .init(200, Self.pods(["c"]))
            }
        } _: { (server) async throws in
            let names = try await server.client { try await Self.names($0, limit: 2) }
            #expect(names == ["pod a", "pod b", "pod c"])
            #expect(server.requests.map(\.target) == ["/api/v1/pods?limit=2", "/api/v1/pods?limit=2&continue=x%3D1%2F"])
        }
    }

    @Test func whatIsRefusedForAWhileIsAskedAgain() async throws {
        try await FakeServer.running { _, count in
            switch count {
            case 0: .init(429, Self.status(429, "too many", details: "{\"retryAfterSeconds\":0}"))
            case 1: .init(503, "<html>", headers: [("Retry-After", "0")])
            case 2: .init(200, Self.pods(["a"]), cutAfter: 30)
            default: .init(200, Self.pods(["a"]))
            }
        } _: { (server) async throws in
            #expect(try await server.client { try await Self.names($0) } == ["pod a"])
            #expect(server.requests.count == 4)
        }
    }

    @Test(arguments: [
        (401, ClusterError.Kind.unauthorized, "list pods in the whole cluster: the server does not accept the credential (401)", 1),
        (
            403, .forbidden,
            "list pods in the whole cluster: forbidden; grant the verb 'list' on 'pods' of 'the core API group'; the server says: no", 1
        ),
        (404, .notFound, "list pods in the whole cluster: not found", 1),
        (410, .gone, "is no longer kept (410)", 1),
        (302, .refused(302), "refused (302)", 1),
        (500, .serverFault(500), "the server failed (500); the server says: no", 1),
        (502, .serverFault(502), "the server failed (502)", 3),
        (429, .tooManyRequests, "too many requests (429)", 3),
    ])
    func refusalsAreToldApart(status: Int, kind: ClusterError.Kind, text: String, requests: Int) async throws {
        try await FakeServer.running { _, _ in
            .init(status, Self.status(status, "no"))
        } _: { (server) async throws in
            let error = await Self.failure { _ = try await server.client(token: "s3cret", attempts: 3) { try await Self.names($0) } }
            #expect(error?.kind == kind)
            #expect(error?.description.contains(text) == true, "\(error?.description ?? "no error")")
            #expect(error?.description.contains("s3cret") == false)
            #expect(server.requests.count == requests)
        }
    }

    /// A webhook's denial is no lack of rights, so no right is named that would help.
    @Test func aDenialByAWebhookIsToldAsItIs() async throws {
        let denial = "admission webhook \"pods.demarc.dev\" denied the request: not today"
        try await FakeServer.running { _, _ in
            .init(403, Self.status(403, denial.replacing("\"", with: "\\\"")))
        } _: { (server) async throws in
            let error = await Self.failure { _ = try await server.client { try await Self.names($0) } }
            #expect(error?.kind == .forbidden && error?.description == "list pods in the whole cluster: \(denial)")
        }
    }

    @Test func aLongWaitIsNotWaitedFor() async throws {
        try await FakeServer.running { _, _ in
            .init(429, "", headers: [("Retry-After", "3600")])
        } _: { (server) async throws in
            let error = await Self.failure { _ = try await server.client { try await Self.names($0) } }
            #expect(error?.kind == .tooManyRequests)
            #expect(error?.retryAfter == .seconds(3600))
            #expect(server.requests.count == 1)
        }
    }

    /// An expired continue token in the middle: the server offers to go on with what is there now, or the list begins anew.
    @Test(arguments: [("{\"continue\":\"now\"}", ["pod a", "pod z"]), ("{}", ["pod n", "pod z"])])
    func aListThatGrewTooOldGoesOn(metadata: String, expected: [String]) async throws {
        try await FakeServer.running { request, count in
            switch (request.query("continue"), count) {
            case (nil, 0): .init(200, Self.pods(["a"], next: "old"))
            case ("old", 1): .init(410, Self.status(410, "expired", metadata: metadata))
            case (nil, _): .init(200, Self.pods(["n"], next: "new"))
            default: .init(200, Self.pods(["z"]))
            }
        } _: { (server) async throws in
            #expect(try await server.client { try await Self.names($0) } == expected)
        }
    }

    @Test func aPageTooLargeIsAskedForInSmallerOnes() async throws {
        let many = (0..<100).map { "pod-with-a-long-name-\($0)" }
        try await FakeServer.running { request, _ in
            let limit = Int(request.query("limit") ?? "") ?? 0
            let start = Int(request.query("continue") ?? "0") ?? 0
            let end = min(start + limit, many.count)
            return .init(200, Self.pods(Array(many[start..<end]), next: end < many.count ? "\(end)" : ""))
        } _: { (server) async throws in
            let names = try await server.client { try await Self.names($0, limit: 100, pageBytes: 3_000) }
            #expect(names == many.map { "pod \($0)" })
            #expect(server.requests.map { $0.query("limit") }.prefix(2) == ["100", "25"])
        }
    }

    @Test func anAnswerBeyondTheLimitIsNotRead() async throws {
        let huge = Self.pods([String(repeating: "x", count: 100_000)])
        try await FakeServer.running { _, _ in
            .init(200, huge)
        } _: { (server) async throws in
            let error = await Self.failure { _ = try await server.client { try await Self.names($0, pageBytes: 50_000) } }
            #expect(error?.kind == .tooLarge)
            #expect(error?.description == "list pods in the whole cluster: the answer is larger than the limit of 50000 bytes")
        }
    }

    @Test(arguments: ["", "{", "[]", "nonsense", "{\"kind\":\"PodList\"", "{\"kind\":\"Pod\"}", "{\"kind\":7,\"items\":[]}", "{\"items\":[{]}"])
    func anAnswerThatIsNoListIsAnError(body: String) async throws {
        try await FakeServer.running { _, _ in
            .init(200, body)
        } _: { (server) async throws in
            let error = await Self.failure { _ = try await server.client { try await Self.names($0) } }
            #expect(error?.kind == .malformed, "\(body): \(error?.description ?? "no error")")
        }
    }

    @Test func silenceEndsAtTheTimeLimit() async throws {
        try await FakeServer.running { _, _ in
            .init(isSilent: true)
        } _: { (server) async throws in
            let error = await Self.failure { _ = try await server.client(timeout: .milliseconds(50), attempts: 2) { try await Self.names($0) } }
            #expect(error?.kind == .unreachable)
            #expect(error?.description.contains("no answer in time; raise --request-timeout") == true)
            // On a busy machine time may be up before the request is out.
            #expect(server.requests.count <= 2)
        }
    }

    @Test func nobodyListening() async throws {
        let port = try await FakeServer.running({ _, _ in .init() }) { $0.port }
        try await FakeServer.running { _, _ in
            .init()
        } _: { (_) async throws in
            let address = try #require(ServerAddress("http://127.0.0.1:\(port)"))
            let connection = Connection(name: "x", namespace: nil, server: address, trust: .init(), proxy: nil, credential: .none)
            let error = await Self.failure { _ = try await ClusterClient.connected(to: connection) { try await $0.version() } }
            #expect(error?.kind == .unreachable)
            #expect(
                error?.description
                    == "ask the version of the cluster: http://127.0.0.1:\(port) cannot be reached: connection refused; is the server running?")
        }
    }

    @Test func impersonationTravelsInHeaders() async throws {
        try await FakeServer.running { _, _ in
            .init(200, "{\"gitVersion\":\"v1.36.2\"}")
        } _: { (server) async throws in
            let address = try #require(ServerAddress("http://127.0.0.1:\(server.port)/proxy/"))
            var connection = Connection(name: "x", namespace: nil, server: address, trust: .init(), proxy: nil, credential: .token(Secret("t")))
            connection.impersonation = Impersonation(user: "jane", groups: ["dev", "ops"], extra: ["a/b": ["c"]])
            #expect(try await ClusterClient.connected(to: connection) { try await $0.version() } == "v1.36.2")
            let request = try #require(server.requests.first)
            #expect(request.target == "/proxy/version")
            #expect(request.header("Authorization") == ["Bearer t"])
            #expect(request.header("Impersonate-User") == ["jane"])
            #expect(request.header("Impersonate-Group") == ["dev", "ops"])
            #expect(request.header("Impersonate-Extra-a%2Fb") == ["c"])
        }
    }

    /// A mounted token is replaced while a program runs.
    @Test func aTokenFileThatChangesIsReadAgain() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try "one\n".write(to: file, atomically: true, encoding: .utf8)
        try await FakeServer.running { _, _ in
            .init(200, Self.pods(["a"]))
        } _: { (server) async throws in
            try await server.client(credential: .tokenFile(file.path)) { client in
                _ = try await Self.names(client)
                try "two".write(to: file, atomically: true, encoding: .utf8)
                _ = try await Self.names(client)
                try FileManager.default.removeItem(at: file)
                let error = await Self.failure { _ = try await Self.names(client) }
                #expect(error?.kind == .credential)
            }
            // The third request never left: without its token it would have been an anonymous one.
            #expect(server.requests.map { $0.header("Authorization") } == [["Bearer one"], ["Bearer two"]])
        }
    }
}
