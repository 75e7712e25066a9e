import ClusterSupport
import Foundation
import Testing

/// What `demarc serve` writes into a real cluster: reports, as others read them.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct ServeReportTests {
    typealias API = ReportDefinitions.API

    private static let deployments = "/apis/apps/v1/namespaces/shop/deployments"

    /// One of which nothing is said but what the test is about.
    private static func deployment(escalates: Bool) -> String {
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":2,"strategy":{"rollingUpdate":{"maxUnavailable":1,"maxSurge":0}},\
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"automountServiceAccountToken":false,\
        "enableServiceLinks":false,"securityContext":{"runAsNonRoot":true,"runAsUser":10001,"runAsGroup":10001,"seccompProfile":{"type":"RuntimeDefault"}},\
        "containers":[{"name":"app","image":"r/web@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0","securityContext":\
        {"allowPrivilegeEscalation":\(escalates),"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}},\
        "resources":{"requests":{"cpu":"1","memory":"1Gi","ephemeral-storage":"1Gi"},"limits":{"cpu":"1","memory":"1Gi","ephemeral-storage":"1Gi"}},\
        "livenessProbe":{"tcpSocket":{"port":80}},"readinessProbe":{"tcpSocket":{"port":80}}}]}}}}
        """
    }

    private static let closed = """
        {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"closed","namespace":"shop"},\
        "spec":{"podSelector":{},"policyTypes":["Ingress","Egress"]}}
        {"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","metadata":{"name":"web","namespace":"shop"},\
        "spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app":"web"}}}}
        """

    /// The reports of an API in a namespace that are about an object of this name.
    private static func reports(_ api: APIServer, _ kind: API, about name: String) throws -> [Reading] {
        Reading(try api.get("\(kind.path)/namespaces/shop/\(kind.namespaced)").body)["items"].items.filter { $0["scope"]["name"].text == name }
    }

    private static func policies(_ report: Reading?) -> [String] { report?["results"].items.compactMap { $0["policy"].text } ?? [] }

    private static func text(_ report: Reading) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: try #require(report.value)), as: UTF8.self)
    }

    @Test(arguments: [API.openReports, .policyReport])
    func aReportFollowsItsObject(kind: API) async throws {
        try await GuardedCluster.running(.init(controllers: ["deployment", "replicaset"])) { cluster in
            let api = cluster.api
            try await ReportDefinitions.install(kind.definitions, [kind.namespaced, kind.clusterWide].map { "\(kind.path)/\($0)" }, in: api)
            let replica = try await cluster.guarded()
            defer { replica.stop() }

            // Allowed by the baseline, so its Pods come in; and still there is something to say.
            try #require(try api.create(Self.closed).allSatisfy { $0.status == 201 })
            let created = Reading(try api.post(Self.deployments, Self.deployment(escalates: true)).body)
            let uid = try #require(created["metadata"]["uid"].text)
            let isThere = try await eventually {
                let pods = Reading(try api.get("/api/v1/namespaces/shop/pods").body)["items"].items
                return try pods.count == 2 && Self.policies(Self.reports(api, kind, about: "web").first).contains("privilege-escalation")
            }
            try #require(isThere, "\(replica.output.suffix(3_000))")

            // A Pod that is seen before its Deployment speaks for itself until then.
            func ofParts() throws -> [Reading] {
                Reading(try api.get("\(kind.path)/namespaces/shop/\(kind.namespaced)").body)["items"].items.filter {
                    ["Pod", "ReplicaSet"].contains($0["scope"]["kind"].text)
                }
            }
            let isSaidOnce = try await eventually { try ofParts().isEmpty }
            #expect(isSaidOnce, "what a Deployment says is not said again for its Pods")

            // One report, at the root, and it belongs to its object.
            let reports = try Self.reports(api, kind, about: "web")
            #expect(reports.count == 1)
            let report = try #require(reports.first)
            #expect(report["metadata"]["name"].text == uid && report["kind"].text == kind.kind)
            let owners = report["metadata"]["ownerReferences"].items
            #expect(owners.map { $0["uid"].text } == [uid] && owners[0]["kind"].text == "Deployment" && owners[0]["apiVersion"].text == "apps/v1")
            #expect(report["summary"]["fail"].number == report["results"].items.count)

            // All that the program sends is kept, and is what the published schema asks for.
            #expect(report["results"][0]["properties"]["fingerprint"].text != nil && report["results"][0]["timestamp"]["seconds"].number != nil)
            for (plural, schema) in zip(["namespaces/shop/\(kind.namespaced)", kind.clusterWide], kind.schemas) {
                var items: [Reading] = []
                let isWritten = try await eventually {
                    items = Reading(try api.get("\(kind.path)/\(plural)").body)["items"].items
                    return !items.isEmpty
                }
                #expect(isWritten)
                for item in items {
                    let whole = try api.get("\(kind.path)/\(plural)/\(try #require(item["metadata"]["name"].text))").body
                    let fault = try ReportDefinitions.fault(of: whole, schema: schema)
                    #expect(fault == nil, "\(item["scope"]["kind"].text ?? "") \(item["scope"]["name"].text ?? ""): \(fault ?? "")")
                }
            }

            // It changes with its object, and goes when nothing is left to say: with the template, and with the last Pod made of the old one.
            let path = "\(Self.deployments)/web"
            let patch = ["Content-Type": "application/json-patch+json"]
            let more = #"[{"op":"replace","path":"/spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem","value":false}]"#
            #expect(try api.request("PATCH", path, body: more, headers: patch).status == 200)
            let isChanged = try await eventually {
                try Self.policies(Self.reports(api, kind, about: "web").first).contains("read-only-root-filesystems")
            }
            #expect(isChanged)
            #expect(
                try Self.reports(api, kind, about: "web").map { $0["metadata"]["uid"].text } == [report["metadata"]["uid"].text], "the same report")
            #expect(try api.request("PUT", path, body: Self.deployment(escalates: false)).status == 200)
            let isGone = try await eventually {
                // As kubelets would: a rollout goes on when Pods are ready.
                let ready = #"{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"#
                for pod in Reading(try api.get("/api/v1/namespaces/shop/pods").body)["items"].items {
                    let status = "/api/v1/namespaces/shop/pods/\(pod["metadata"]["name"].text ?? "")/status"
                    _ = try api.request("PATCH", status, body: ready, headers: ["Content-Type": "application/merge-patch+json"])
                }
                return try Self.reports(api, kind, about: "web").isEmpty
            }
            let left = try Self.reports(api, kind, about: "web").map(Self.text)
            #expect(isGone, "\(left)")
            // The rollout goes on to its end.
            let isWhole = try await eventually { Reading(try api.get("/api/v1/namespaces/shop/pods").body)["items"].items.count == 2 }
            #expect(isWhole, "the Deployment is still there")
        }
    }

    @Test func aReportIsBoundedAndOnlyTheHolderOfTheLeaseWrites() async throws {
        let kind = API.openReports
        try await GuardedCluster.running { cluster in
            let api = cluster.api
            try await ReportDefinitions.install(kind.definitions, ["\(kind.path)/\(kind.namespaced)", "\(kind.path)/\(kind.clusterWide)"], in: api)
            let first = try await cluster.guarded()
            defer { first.stop() }
            let second = try await cluster.replica()
            defer { second.stop() }
            try cluster.balancer.serve([first.port, second.port])

            // 300 containers, each with findings of its own and a name as long as names may be.
            let name = String(repeating: "n", count: 58)
            let containers = (100..<400).map {
                #"{"name":"\#(name)-\#($0)","image":"r/x:latest","securityContext":{"allowPrivilegeEscalation":true}}"#
            }
            let deployment = """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"wide"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":\
                {"metadata":{"labels":{"a":"b"}},"spec":{"containers":[\(containers.joined(separator: ","))]}}}}
                """
            #expect(try api.post(Self.deployments, deployment).status == 201)
            let isThere = try await eventually { try Self.reports(api, kind, about: "wide").first != nil }
            try #require(isThere, "\(first.output.suffix(3_000))")
            let report = try #require(try Self.reports(api, kind, about: "wide").first)
            let whole = try api.get("\(kind.path)/namespaces/shop/reports/\(try #require(report["metadata"]["name"].text))").body
            let shown = report["results"].items.count
            let omitted = try #require(report["metadata"]["annotations"]["demarc.dev/omitted-results"].text.flatMap { Int($0) })
            #expect(shown <= 100 && shown + omitted == report["summary"]["fail"].number && omitted > 500)
            // The API server adds managedFields, which the bound does not count.
            #expect(try Self.text(Reading(["results": report["results"].value ?? []])).utf8.count < 256 << 10)
            let fault = try ReportDefinitions.fault(of: whole, schema: kind.schemas[0])
            #expect(fault == nil)

            // Both judge, one writes. Who it was stands in each request of the audit log; both have the same user, so their figures tell.
            let isJudged = try await eventually { try (second.metric("demarc_findings", token: api.token) ?? 0) > 500 }
            #expect(isJudged, "the other replica judges too")
            // A stall that is longer than the lease hands that over, and then both may have written.
            let led = [first, second].map { $0.output.contains("this replica leads") }
            let written = try [first, second].map { try $0.metric("demarc_reports_written_total", token: api.token) ?? 0 }
            #expect(led[0] && written[0] > 0 && (written[1] == 0 || led[1]), "\(led) \(written)")

            // The one that led goes; the other leads, and has nothing to write anew.
            let before = try Self.reports(api, kind, about: "wide").first?["metadata"]["resourceVersion"].text
            try cluster.balancer.serve([second.port])
            #expect(first.stop() == 0)
            try cluster.forget("demarc")
            let leads = try await eventually { second.output.contains("this replica leads") }
            #expect(leads)
            #expect(try api.post(Self.deployments, Self.deployment(escalates: true)).status == 201)
            let goesOn = try await eventually { try Self.reports(api, kind, about: "web").first != nil }
            #expect(goesOn, "\(second.output.suffix(2_000))")
            #expect(try Self.reports(api, kind, about: "wide").first?["metadata"]["resourceVersion"].text == before)
        }
    }

    @Test func withoutAnAPIForReportsItSaysSoOnce() async throws {
        try await GuardedCluster.running { cluster in
            let replica = try await cluster.guarded()
            defer { replica.stop() }
            _ = try cluster.api.post(Self.deployments, Self.deployment(escalates: true))
            let isJudged = try await eventually {
                try replica.ask("/demarc/v1/findings?namespace=shop", token: cluster.api.token).body.contains(#""name":"web""#)
            }
            #expect(isJudged)
            #expect(replica.output.split(separator: "\n").count { $0.contains("no reports are written") } == 1)
            #expect(!replica.output.contains("a report could not be written"))
        }
    }
}
