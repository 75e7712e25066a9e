import KubernetesClient
import Testing

@testable import Server

/// Who may read metrics and use the API, seen from outside.
@Suite struct APIEndpointTests {
    private static let route = APIRoute("POST", "/demarc/v1/echo") { request in
        APIAnswer(
            status: 201,
            text: "\(request.identity.user) \(request.method) \(request.path) \(request.query) \(String(decoding: request.body, as: UTF8.self))")
    }
    private static let below = APIRoute("GET", "/demarc/v1/findings/") { APIAnswer(status: 200, text: $0.path) }

    @Test(arguments: [
        ([], 401, "a token is needed here; send Authorization: Bearer TOKEN\n"),
        (["Authorization: Bearer "], 401, "a token is needed here; send Authorization: Bearer TOKEN\n"),
        (["Authorization: Basic good"], 401, "a token is needed here; send Authorization: Bearer TOKEN\n"),
        (["Authorization: Bearer good", "Authorization: Bearer good"], 401, "a token is needed here; send Authorization: Bearer TOKEN\n"),
        (["Authorization: Bearer hunter2"], 401, "the token is not accepted; it may have expired, or be meant for somebody else\n"),
        (
            ["Authorization: Bearer poor"], 403,
            "user 'joe' may not get /metrics; a ClusterRole with nonResourceURLs: [\"/metrics\"] and verbs: [\"get\"] allows it\n"
        ),
        (["Authorization: Bearer lost"], 503, "the API server cannot be asked whether this is allowed; ask again\n"),
    ])
    func whoMayNot(headers: [String], status: Int, body: String) async throws {
        try await TestServer.running { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send("GET /metrics HTTP/1.1\r\nHost: a\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n")
                let answer = try await connection.answer()
                #expect(answer?.status == status)
                #expect(answer?.body == body)
                #expect(answer?.header("www-authenticate") == (status == 401 ? "Bearer" : nil))
                #expect(answer?.header("retry-after") == (status == 503 ? "1" : nil))
            }
            #expect(!server.log.text.contains("hunter2"))
        }
    }

    /// `system:discovery` opens `/api/*` to all who are authenticated.
    @Test(arguments: [("/api/v1/findings", "/demarc/api/v1/findings"), ("/metrics", "/metrics"), ("/apis", "/apis")])
    func noPermissionIsThatOfTheAPIServersOwnPaths(path: String, asked: String) {
        #expect(APIEndpoint.permission(for: path) == asked)
    }

    @Test func metricsWithAToken() async throws {
        try await TestServer.running { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(RawRequest.post())
                #expect(try await connection.answer()?.status == 200)
                try await connection.send(RawRequest.get("/metrics", "authorization:  bearer  good"))
                let answer = try await connection.answer()
                #expect(answer?.status == 200)
                #expect(answer?.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
                #expect(answer?.header("cache-control") == "no-store")
                let lines = answer?.body.split(separator: "\n").map(String.init) ?? []
                #expect(
                    lines.contains(
                        "demarc_admission_requests_total{stage=\"validate\",operation=\"CREATE\",resource=\"pods\",decision=\"allow\",dry_run=\"false\"} 1"
                    ))
                #expect(lines.contains("demarc_admission_review_duration_seconds_count{stage=\"validate\"} 1"))
                #expect(lines.contains("demarc_webhook_cert_expiry_timestamp_seconds \(server.identity.notAfter)"))
                #expect(lines.contains("demarc_build_info{version=\"1.2.3\"} 1"))
                #expect(lines.contains("demarc_http_connections 1"))
                #expect(lines.contains("demarc_http_requests_in_flight 1"))
                #expect(lines.contains("demarc_authentication_requests_total{result=\"allowed\"} 1"))
                #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
            }
        }
    }

    @Test(arguments: [
        ("POST", "/demarc/v1/echo?a=b", 201, "jane POST /demarc/v1/echo a=b body\n"),
        ("GET", "/demarc/v1/echo", 405, "only POST is answered here\n"),
        ("GET", "/demarc/v1/findings/shop/web", 200, "/demarc/v1/findings/shop/web\n"),
        ("GET", "/demarc/v1/findings", 404, "nothing is here\n"),
        ("GET", "/demarc/v1/other", 404, "nothing is here\n"),
    ])
    func routes(method: String, path: String, status: Int, body: String) async throws {
        try await TestServer.running(routes: [Self.route, Self.below]) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(
                    "\(method) \(path) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\nContent-Length: 4\r\n\r\nbody")
                let answer = try await connection.answer()
                #expect(answer?.status == status)
                #expect(answer?.body == body)
            }
        }
    }

    /// Who may not is told so before anything is read.
    @Test func nothingIsReadForWhoMayNot() async throws {
        try await TestServer.running(routes: [Self.route]) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send("POST /demarc/v1/echo HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer poor\r\nContent-Length: 5000000\r\n\r\n")
                #expect(try await connection.answer()?.status == 403)
                #expect(try await connection.isClosed())
            }
        }
    }
}
