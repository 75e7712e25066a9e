import ClusterSupport
import Controls
import Documents
import Foundation
import Kubernetes
import KubernetesClient
import Logging
import Reports
import Responsibility
import Synchronization
import Testing

@testable import Server

/// The controller beside a real API server: reports come, change and go with their objects.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct BackgroundClusterTests {
    private static let flags = ["--disable-admission-plugins=ServiceAccount"]
    private static let data = URL(
        filePath: ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"]
            ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../../shared/data").path)
    private static let start = ContinuousClock.now

    /// Impatient, so that a test need not wait long for what comes in its time.
    private static var settings: BackgroundSettings {
        var settings = BackgroundSettings()
        (settings.schedule.quiet, settings.schedule.whole) = (.milliseconds(20), .milliseconds(500))
        (settings.reportsPerSecond, settings.reportBurst, settings.retryOfReports) = (200, 200, .seconds(1))
        return settings
    }

    private static let clock = BackgroundClock(
        now: { Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)) }, uptime: { ContinuousClock.now - start },
        sleep: { try await Task.sleep(for: $0) })

    /// Runs a controller beside `body`, which is given it and a client of its own.
    private static func running(
        _ server: APIServer, as user: Impersonation? = nil, isLeader: @escaping @Sendable () -> Bool = { true },
        _ body: @escaping @Sendable (BackgroundController, ClusterClient) async throws -> Void
    ) async throws {
        let rules = try LiveCluster.rules()
        func connection(_ user: Impersonation?) throws -> Connection {
            try ConnectionOptions(kubeconfig: server.kubeconfig.path, impersonation: user, environment: [:]).connection()
        }
        let own = try connection(nil)
        try await ClusterClient.connected(to: connection(user)) { client in
            let controller = BackgroundController(
                client: client, model: rules.model, catalogue: rules.catalogue, settings: settings, clock: clock, isLeader: isLeader,
                registry: MetricRegistry(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller.run() }
                group.addTask { try await ClusterClient.connected(to: own) { try await body(controller, $0) } }
                // The controller ends only when it is cancelled, or breaks.
                try await group.next()
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    /// Asks again until the answer is there; the client's own rate sets the pace, and a server that is starting is asked again.
    private static func eventually<T>(_ what: String, _ ask: () async throws -> T?) async throws -> T {
        for _ in 0..<2_000 {
            do {
                if let answer = try await ask() { return answer }
            } catch let error as ClusterError where error.kind == .notFound || error.kind == .unreachable {}
        }
        throw NeverCame(description: "it never came to: \(what)")
    }

    private struct NeverCame: Error, CustomStringConvertible { let description: String }

    /// The definitions that a project's own schema gives.
    private static func definition(_ api: PolicyReportAPI, isNamespaced: Bool) throws -> String {
        let kind = api.kind(isNamespaced: isNamespaced)
        let file = data.appending(path: "schemas/\(api == .openReports ? "openreports" : "wg-policy").\(api.group).\(api.version).\(kind).schema.json")
        // What JSON Schema has beyond structural schemas; a server prunes unknown fields anyway, and the test looks whether it did.
        func structural(_ value: Any) -> Any {
            if let map = value as? [String: Any] {
                return map.filter { $0.key != "$schema" && !($0.key == "additionalProperties" && $0.value is Bool) }.mapValues(structural)
            }
            return (value as? [Any])?.map(structural) ?? value
        }
        let schema = structural(try JSONSerialization.jsonObject(with: Data(contentsOf: file)))
        let plural = kind.lowercased() + "s"
        let definition: [String: Any] = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": ["name": "\(plural).\(api.group)"],
            "spec": [
                "group": api.group, "names": ["kind": kind, "plural": plural, "singular": kind.lowercased(), "listKind": kind + "List"],
                "scope": isNamespaced ? "Namespaced" : "Cluster",
                "versions": [["name": api.version, "served": true, "storage": true, "schema": ["openAPIV3Schema": schema]] as [String: Any]],
            ] as [String: Any],
        ]
        return String(decoding: try JSONSerialization.data(withJSONObject: definition), as: UTF8.self)
    }

    private static let hasSchemas = FileManager.default.fileExists(atPath: data.appending(path: "schemas").path)

    private static func resource(_ api: PolicyReportAPI, isNamespaced: Bool) -> Resource {
        let kind = api.kind(isNamespaced: isNamespaced)
        return Resource(group: api.group, version: api.version, name: kind.lowercased() + "s", kind: kind, isNamespaced: isNamespaced)
    }

    private static func deployment(_ name: String, privileged: Bool = true) -> String {
        #"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\#(name)","namespace":"shop"},"spec":{"selector":{"matchLabels":{"app":"\#(name)"}},"template":{"metadata":{"labels":{"app":"\#(name)"}},"spec":{"containers":[{"name":"app","image":"r.example/a:1","securityContext":{"privileged":\#(privileged)}}]}}}}
        """#
    }

    private static let deployments = LiveCluster.resource("Deployment")

    private static func policies(_ report: Value) throws -> Set<String> { Set(try report["results"].items().map { $0["policy"].text }) }

    @Test(.enabled(if: hasSchemas, "set DEMARC_CONFORMANCE_DATA to a folder with schemas"), arguments: PolicyReportAPI.allCases)
    func reportsFollowTheirObjects(api: PolicyReportAPI) async throws {
        try await APIServer.running(flags: Self.flags) { server in
            let definitions = try [true, false].map { try Self.definition(api, isNamespaced: $0) }
            let made = try server.create(
                (definitions + [#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}"#, Self.deployment("web")]).joined(separator: "\n"))
            #expect(made.map(\.status) == [201, 201, 201, 201], "\(made.map(\.body))")
            let reports = Self.resource(api, isNamespaced: true)
            // Definitions take a moment until they are served.
            _ = try await Self.eventually("reports are served") { try server.get("/apis/\(api.group)/\(api.version)/\(reports.name)?limit=1").status == 200 ? true : nil }
            let isLeader = Atomic<Bool>(true)
            try await Self.running(server, isLeader: { isLeader.load(ordering: .relaxed) }) { controller, client in
                let web = ObjectReference(Self.deployments, namespace: "shop", name: "web")
                let uid = try await client.get(web)["metadata"]["uid"].text
                let reference = ObjectReference(reports, namespace: "shop", name: uid)
                let report = try await Self.eventually("a report of web") { try await client.get(reference) }
                let owner = try #require(try report["metadata"]["ownerReferences"].items().first { _ in true })
                #expect(["apiVersion", "kind", "name", "uid"].map { owner.entry(named: $0).text } == ["apps/v1", "Deployment", "web", uid])
                #expect(try Self.policies(report).contains("privileged-containers"))
                let row = try #require(try report["results"].items().first { $0["policy"].text == "privileged-containers" })
                // Nothing was pruned: all that is said is part of the API.
                #expect(row["properties"]["responsibility"].text == "customer" && row["properties"]["fingerprint"].text.count == 32)
                #expect(row["properties"]["fieldPath"].text == "spec.template.spec.containers[0].securityContext.privileged")
                #expect(report["scope"]["uid"].text == uid && report["metadata"]["labels"].entry(named: "app.kubernetes.io/managed-by").text == "demarc")
                #expect(controller.isReady)

                // Nothing changed, so nothing is written again, whatever else happens.
                let version = report["metadata"]["resourceVersion"].text
                _ = try server.create(Self.deployment("api"))
                let api = try await client.get(ObjectReference(Self.deployments, namespace: "shop", name: "api"))["metadata"]["uid"].text
                _ = try await Self.eventually("a report of api") {
                    try await client.get(ObjectReference(reports, namespace: "shop", name: api))
                }
                #expect(try await client.get(reference)["metadata"]["resourceVersion"].text == version)

                // Mended: the row goes. The server may restart meanwhile.
                let patch = ManifestText(LiveCluster.value(Self.deployment("web", privileged: false)))
                _ = try await client.apply(patch, web, manager: "test", force: true)
                try await server.restart()
                _ = try await Self.eventually("the row is gone") {
                    try await Self.policies(client.get(reference)).contains("privileged-containers") ? nil : true
                }

                // Gone: so is its report, with no garbage collector about.
                try await client.delete(web)
                _ = try await Self.eventually("the report is gone") {
                    do throws(ClusterError) { _ = try await client.get(reference) } catch { if error.kind == .notFound { return true } }
                    return nil
                }

                // Without the lease it watches on and writes nothing.
                isLeader.store(false, ordering: .relaxed)
                _ = try server.create(Self.deployment("late"))
                let late = try await client.get(ObjectReference(Self.deployments, namespace: "shop", name: "late"))["metadata"]["uid"].text
                _ = try await Self.eventually("late is judged") {
                    _ = try await client.version()
                    return controller.findings.reports[late]
                }
                #expect(try server.get("/apis/\(reports.group)/\(reports.version)/namespaces/shop/\(reports.name)/\(late)").status == 404)
            }
        }
    }

    /// What may not be read is a gap with its permission, and keeps nobody waiting; without an API for reports none is written.
    @Test func whatMayNotBeReadIsAGap() async throws {
        try await APIServer.running(users: ["alice": ["dev"]], flags: Self.flags) { server in
            _ = try server.create(
                """
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}
                {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"see"},"rules":[{"apiGroups":["apps"],"resources":["deployments"],"verbs":["list","watch"]}]}
                {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"see"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"see"},"subjects":[{"kind":"User","name":"alice","apiGroup":"rbac.authorization.k8s.io"}]}
                """)
            _ = try server.create(Self.deployment("web"))
            try await Self.running(server, as: Impersonation(user: "alice", groups: ["dev"])) { controller, client in
                _ = try await Self.eventually("it is ready") {
                    _ = try await client.version()
                    return controller.isReady ? true : nil
                }
                #expect(controller.store.count == 1)
                #expect(controller.gaps.contains { $0.message.hasPrefix("list pods in the whole cluster: forbidden; grant the verb 'list' on 'pods'") })
                #expect(!controller.gaps.contains { $0.message.hasPrefix("list deployments.apps") })
                #expect(controller.findings.reports.count == 1)
                let web = try await client.get(ObjectReference(Self.deployments, namespace: "shop", name: "web"))["metadata"]["uid"].text
                let owners = controller.store.admission.owners(namespace: "shop", of: .init(kind: "Deployment", name: "web", uid: web))
                #expect(owners.map(\.displayName) == ["Deployment shop/web"] && controller.store.admission.isComplete)
            }
        }
    }
}
