import ClusterSupport
import Synchronization
import Testing
import Traces
import Tracing

@testable import KubernetesClient

/// Spans of requests, and the trace that goes with them.
struct ClientSpanTests {
    private final class Kept: Sendable {
        private let kept = Mutex<[FinishedSpan]>([])
        var all: [FinishedSpan] { kept.withLock { $0 } }
        let sampler: Sampler?

        init(_ name: String = "always_on") {
            sampler =
                TracingSettings.read(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:1", "OTEL_TRACES_SAMPLER": name], version: "1").settings?.sampler
        }

        var spans: Spans { Spans(sampler.map { SpanTracer($0) { span in self.kept.withLock { $0.append(span) } } }) }
    }

    private static let pods = Resource(version: "v1", name: "pods", kind: "Pod", isNamespaced: true)

    @Test func eachAttemptHasItsSpanAndPassesItOn() async throws {
        let kept = Kept()
        try await FakeServer.running { _, count in
            count == 0 ? .init(503, "") : .init(200, "{}")
        } _: { (server) async throws in
            try await server.client(token: "s3cret", spans: kept.spans) { client in
                try await client.spans.within("outer") { _ in
                    _ = try await client.get(ObjectReference(Self.pods, namespace: "shop", name: "hidden-name"))
                }
            }
            let (outer, attempts) = (try #require(kept.all.last), kept.all.dropLast())
            #expect(attempts.map(\.name) == Array(repeating: "GET /api/v1/namespaces/{namespace}/pods/{name}", count: 2))
            #expect(
                attempts.allSatisfy { $0.parent?.spanID == outer.context.spanID && $0.context.traceID == outer.context.traceID && $0.kind == .client }
            )
            #expect(server.requests.map { $0.header("traceparent") } == attempts.map { [$0.context.parent] })
            #expect(attempts.map { $0.attributes.get("http.response.status_code") } == [.int64(503), .int64(200)])
            #expect(attempts.map { $0.attributes.get("http.request.resend_count") } == [nil, .int64(1)])
            #expect(attempts.map { $0.attributes.get("error.type") } == ["503", nil] && attempts.map(\.status?.code) == [.error, nil])
            let last = try #require(attempts.last).attributes
            #expect(last.get("http.request.method") == "GET" && last.get("server.address") == "127.0.0.1")
            #expect(last.get("server.port") == .int64(Int64(server.port)) && last.get("demarc.verb") == "get")
            #expect(last.get("demarc.resource") == "pods" && last.get("demarc.namespace") == "shop")
            #expect(!"\(kept.all)".contains("hidden-name") && !"\(kept.all)".contains("s3cret"))
        }
    }

    /// What is not kept is passed on as such; without tracing, and for what it does itself, nothing is passed on.
    @Test(arguments: [("always_off", 1), ("", 0)])
    func whatIsNotKept(sampler: String, headers: Int) async throws {
        let kept = Kept(sampler)
        try await FakeServer.running { _, _ in
            .init(200, "{\"gitVersion\":\"v1.36.2\"}")
        } _: { (server) async throws in
            _ = try await server.client(spans: sampler.isEmpty ? .none : kept.spans) { try await $0.version() }
            let sent = try #require(server.requests.first).header("traceparent")
            #expect(sent.count == headers && sent.allSatisfy { $0.hasSuffix("-00") } && kept.all.isEmpty)
        }
    }

    @Test(arguments: [
        ("/version", "/version"), ("/api", "/api"), ("/apis/apps/v1", "/apis/apps/v1"), ("/api/v1/pods", "/api/v1/pods"),
        ("/api/v1/namespaces/shop", "/api/v1/namespaces/{name}"), ("/api/v1/namespaces/shop/status", "/api/v1/namespaces/{name}/status"),
        ("/api/v1/namespaces/shop/pods", "/api/v1/namespaces/{namespace}/pods"),
        ("/api/v1/namespaces/shop/pods/web/log", "/api/v1/namespaces/{namespace}/pods/{name}/log"), ("/api/v1/nodes/n1", "/api/v1/nodes/{name}"),
        ("/apis/apps/v1/namespaces/shop/deployments/web/scale", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale"),
        ("/apis/demarc.dev/v1alpha1/privilegegrants", "/apis/demarc.dev/v1alpha1/privilegegrants"), ("/", "/"), ("", "/"),
    ])
    func templates(path: String, template: String) { #expect(APIRequest(path, purpose: "test").pathTemplate == template) }
}
