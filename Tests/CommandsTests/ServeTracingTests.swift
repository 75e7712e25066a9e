import ClusterSupport
import Foundation
import Testing

/// Spans of a real `demarc serve --standalone`, as a collector on loopback gets them.
struct ServeTracingTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let caller = "00f067aa0ba902b7"

    /// One span as it came.
    private struct Arrived {
        let name: String
        let trace: String
        let id: String
        let parent: String?
        let kind: Int
        let state: String?
        let attributes: [String: String]
        let isError: Bool

        init?(_ span: [String: Any]) {
            guard let name = span["name"] as? String, let trace = span["traceId"] as? String, let id = span["spanId"] as? String,
                let kind = span["kind"] as? Int
            else { return nil }
            (self.name, self.trace, self.id, self.kind) = (name, trace, id, kind)
            (parent, state) = (span["parentSpanId"] as? String, span["traceState"] as? String)
            isError = (span["status"] as? [String: Any])?["code"] as? Int == 2
            attributes = ServeTracingTests.attributes(span)
        }
    }

    private static func attributes(_ owner: [String: Any]) -> [String: String] {
        let pairs = (owner["attributes"] as? [[String: Any]] ?? []).compactMap { pair -> (String, String)? in
            guard let key = pair["key"] as? String, let value = (pair["value"] as? [String: Any])?.values.first else { return nil }
            return (key, "\(value)")
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func resources(_ collector: FakeServer) throws -> [[String: Any]] {
        try collector.requests.flatMap { request in
            let root = try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any]
            return root?["resourceSpans"] as? [[String: Any]] ?? []
        }
    }

    private static func spans(_ collector: FakeServer) throws -> [Arrived] {
        try resources(collector).flatMap { $0["scopeSpans"] as? [[String: Any]] ?? [] }.flatMap { $0["spans"] as? [[String: Any]] ?? [] }
            .compactMap(Arrived.init)
    }

    /// A Pod that holds what must not get out.
    private static func review(privileged: Bool) -> String {
        ServeStandaloneTests.review(privileged: privileged).replacing(
            #""containers":["#, with: #""containers":[{"name":"side","image":"r/side@sha256:00","env":[{"name":"TOKEN","value":"hunter2"}]},"#)
    }

    private static func ask(_ port: Int, _ path: String, _ arguments: [String] = [], body: String? = nil, in folder: URL) throws -> String {
        var all = ["--silent", "--show-error", "--cacert", folder.appending(path: "demarc-data/ca.crt").path] + arguments
        if body != nil { all += ["--header", "Content-Type: application/json", "--data-binary", "@-"] }
        let asked = try BoundedProcess.run("curl", all + ["https://localhost:\(port)\(path)"], input: body ?? "", seconds: 60)
        #expect(asked.code == 0, "\(asked.complaint)")
        return asked.output
    }

    private static func inFolder<R>(_ body: (URL) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    private static let arguments = ["--standalone", "--drain-delay", "0", "--token-file", "token"]

    private static func environment(_ port: Int) -> [String: String] {
        [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(port)", "OTEL_EXPORTER_OTLP_HEADERS": "x-key=s3cret-key",
            "OTEL_SERVICE_NAME": "guard", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test", "OTEL_BSP_SCHEDULE_DELAY": "50",
        ]
    }

    private static func header(_ trace: String, sampled: Bool) -> [String] {
        ["--header", "traceparent: 00-\(trace)-\(caller)-0\(sampled ? 1 : 0)", "--header", "tracestate: rojo=1"]
    }

    @Test func oneTraceOfAReview() async throws {
        try await FakeServer.running { _, _ in
            .init()
        } _: { (collector) async throws in
            try await Self.inFolder { folder in
                try "0123456789abcdef0123456789abcdef\n".write(to: folder.appending(path: "token"), atomically: true, encoding: .utf8)
                let server = try await Serving(Self.arguments, in: folder, environment: Self.environment(collector.port))
                defer { server.stop() }
                let denied = try Self.ask(
                    server.port, "/validate", Self.header(Self.trace, sampled: true), body: Self.review(privileged: true), in: folder)
                #expect(denied.contains(#""allowed":false"#))
                // The caller keeps nothing of this one, and so nobody does.
                let other = "a" + Self.trace.dropFirst()
                _ = try Self.ask(server.port, "/mutate", Self.header(other, sampled: false), body: Self.review(privileged: false), in: folder)
                _ = try Self.ask(server.port, "/validate", body: "{}", in: folder)
                let arrived = try await eventually { try Self.spans(collector).contains { $0.name == "ruling" } }
                #expect(arrived, "\(server.output)")
                let token = ["--header", "Authorization: Bearer 0123456789abcdef0123456789abcdef"]
                // It is counted once the collector has answered.
                let isCounted = try await eventually {
                    try Self.ask(server.port, "/metrics", token, in: folder).contains(#"demarc_trace_spans_total{result="sent"}"#)
                }
                #expect(isCounted)
                #expect(server.stop() == 0)

                let spans = try Self.spans(collector)
                #expect(!spans.contains { $0.trace == other })
                try Self.checkReview(spans.filter { $0.trace == Self.trace }, log: server.output)
                #expect(spans.contains { $0.name == "POST /validate" && $0.attributes["http.response.status_code"] == "400" && !$0.isError })
                #expect(spans.contains { $0.name == "GET /metrics" && $0.parent == nil })
                // What was decided last is entered while the server ends, and told all the same.
                #expect(spans.contains { $0.name == "ledger append" && $0.attributes["demarc.entry_kind"] == "admission.denied" })
                #expect(spans.contains { $0.name == "certificates" })
                try Self.checkRequests(collector)
                #expect(!server.output.contains("s3cret-key"))
            }
        }
    }

    private static func checkReview(_ spans: [Arrived], log: String) throws {
        let server = try #require(spans.first { $0.name == "POST /validate" })
        #expect(spans.map(\.name).sorted() == ["POST /validate", "ruling"])
        #expect(server.parent == caller && server.kind == 2 && server.state == "rojo=1" && !server.isError)
        #expect(
            server.attributes == [
                "http.request.method": "POST", "http.route": "/validate", "url.path": "/validate", "url.scheme": "https",
                "network.protocol.version": "2", "http.response.status_code": "200", "demarc.stage": "validate", "demarc.operation": "CREATE",
                "demarc.resource": "pods", "demarc.namespace": "shop", "demarc.decision": "deny", "demarc.dry_run": "0",
            ])
        let ruling = try #require(spans.first { $0.name == "ruling" })
        #expect(ruling.parent == server.id && ruling.kind == 1 && ruling.state == "rojo=1" && ruling.attributes.isEmpty)
        let line = try #require(log.split(separator: "\n").first { $0.contains(#""message":"denied""#) })
        #expect(line.contains(#""trace_id":"\#(trace)""#) && line.contains(#""span_id":"\#(server.id)""#))
    }

    /// Who sends, and that nothing of what the Pod holds, and nobody's name, was sent.
    private static func checkRequests(_ collector: FakeServer) throws {
        for request in collector.requests {
            #expect(request.target == "/v1/traces" && request.header("x-key") == ["s3cret-key"] && request.header("traceparent") == [])
            for secret in ["hunter2", "TOKEN", "ann", "r/side", "probe", "0123456789abcdef0123456789abcdef", "s3cret"] {
                #expect(!request.body.contains(secret), "\(secret) was sent")
            }
        }
        let resource = try #require(try resources(collector).first?["resource"] as? [String: Any])
        let attributes = attributes(resource)
        #expect(attributes["service.name"] == "guard" && attributes["deployment.environment.name"] == "test")
    }

    /// Whatever the collector does, reviews are answered as without one, and the server ends as it should.
    @Test(arguments: ["none", "silent", "429", "503", "redirect", "nobody"])
    func aCollectorInTroubleChangesNothing(trouble: String) async throws {
        try await FakeServer.running { _, _ in
            switch trouble {
            case "silent": .init(isSilent: true)
            case "redirect": .init(307, "", headers: [("Location", "http://127.0.0.1:1/")])
            default: .init(trouble == "429" ? 429 : 503, "", headers: [("Retry-After", "600")])
            }
        } _: { (collector) async throws in
            try await Self.inFolder { folder in
                try "0123456789abcdef0123456789abcdef\n".write(to: folder.appending(path: "token"), atomically: true, encoding: .utf8)
                var environment = Self.environment(trouble == "nobody" ? 1 : collector.port)
                // More spans than it may keep.
                environment["OTEL_BSP_MAX_QUEUE_SIZE"] = "3"
                if trouble == "none" { environment["OTEL_SDK_DISABLED"] = "true" }
                let server = try await Serving(Self.arguments, in: folder, environment: environment)
                defer { server.stop() }
                for _ in 0..<5 {
                    let header = Self.header(Self.trace, sampled: true)
                    let denied = try Self.ask(server.port, "/validate", header, body: Self.review(privileged: true), in: folder)
                    #expect(denied.contains(#""allowed":false"#) && denied.contains("kind: PrivilegeGrant"))
                    let allowed = try Self.ask(server.port, "/validate", header, body: Self.review(privileged: false), in: folder)
                    #expect(allowed.contains(#""allowed":true"#))
                    #expect(try Self.ask(server.port, "/mutate", header, body: Self.review(privileged: false), in: folder).contains("JSONPatch"))
                }
                let token = ["--header", "Authorization: Bearer 0123456789abcdef0123456789abcdef"]
                let metrics = try Self.ask(server.port, "/metrics", token, in: folder)
                #expect(metrics.contains(#"demarc_trace_spans_total{result="dropped"}"#) == (trouble != "none"))
                #expect(server.stop() == 0)
                #expect(server.output.contains("spans cannot be sent") == (trouble != "none"), "\(server.output)")
                #expect(collector.requests.isEmpty == (trouble == "none" || trouble == "nobody"))
            }
        }
    }

    private static let entering = """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CONNECT","namespace":"shop","name":"gone-pod",\
        "kind":{"group":"","version":"v1","kind":"PodExecOptions"},"resource":{"group":"","version":"v1","resource":"pods"},"subResource":"exec",\
        "userInfo":{"username":"ann"},"object":{"apiVersion":"v1","kind":"PodExecOptions","container":"app","command":["cat","hunter2"]}}}
        """

    /// In a cluster: what a review, or a token, has to ask of the API server belongs to its trace, down to the request; the background has its own.
    @Test(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)")) func whatIsAskedOfTheClusterBelongsToTheReview() async throws {
        try await FakeServer.running { _, _ in
            .init()
        } _: { (collector) async throws in
            try await GuardedCluster.running { cluster in
                let server = try await cluster.guarded(environment: Self.environment(collector.port))
                defer { server.stop() }
                let caller = "traceparent: 00-\(Self.trace)-\(Self.caller)-01"
                #expect(try server.ask("/validate", [caller], body: Data(Self.entering.utf8)).status == "200")
                let token = try String(contentsOf: cluster.api.folder.appending(path: "token"), encoding: .utf8).trimmingCharacters(
                    in: .whitespacesAndNewlines)
                #expect(try server.ask("/metrics", token: token).status == "200")
                let names: Set = ["pod look-up", "GET /metrics", "background pass", "installation", "certificates", "sign of life"]
                let arrived = try await eventually { try names.isSubset(of: Self.spans(collector).map(\.name)) }
                let missing = names.subtracting(try Self.spans(collector).map(\.name))
                #expect(arrived, "\(missing) did not arrive")
                #expect(server.stop() == 0)

                let spans = try Self.spans(collector)
                func chain(_ name: String) throws -> [String] {
                    var span = try #require(spans.first { $0.name == name })
                    var names = [name]
                    while let above = spans.first(where: { $0.id == span.parent && $0.trace == span.trace }) {
                        names.append(above.name)
                        span = above
                    }
                    return names
                }
                let lookup = "GET /api/v1/namespaces/{namespace}/pods/{name}"
                #expect(try chain(lookup) == [lookup, "pod look-up", "POST /validate"])
                let request = try #require(spans.first { $0.name == lookup })
                #expect(request.trace == Self.trace && request.kind == 3 && request.isError && request.attributes["error.type"] == "404")
                #expect(request.attributes["demarc.namespace"] == "shop" && request.attributes["server.address"] == "127.0.0.1")
                let review = "POST /apis/authentication.k8s.io/v1/tokenreviews"
                #expect(try chain(review) == [review, "GET /metrics"])
                let pass = try #require(spans.first { $0.name == "background pass" })
                #expect(pass.parent == nil && pass.kind == 1 && ["cluster", "namespaces"].contains(pass.attributes["demarc.scope"]))
                for secret in ["gone-pod", "hunter2", "ann", token] {
                    #expect(!collector.requests.contains { $0.body.contains(secret) }, "\(secret) was sent")
                }
            }
        }
    }

    /// A wrong value is said once, without it, and keeps nobody from working.
    @Test func wrongValuesAreSaid() async throws {
        try await Self.inFolder { folder in
            let server = try await Serving(
                ["--standalone", "--drain-delay", "0"], in: folder,
                environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://u:hunter2@c:4318", "OTEL_TRACES_SAMPLER": "x"])
            #expect(try Self.ask(server.port, "/validate", body: Self.review(privileged: false), in: folder).contains(#""allowed":true"#))
            #expect(server.stop() == 0)
            #expect(server.output.contains("OTEL_EXPORTER_OTLP_ENDPOINT must be") && !server.output.contains("hunter2"))
        }
    }
}
