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
        _ server: APIServer, as user: Impersonation? = nil, isLeader: @escaping @Sendable () -> Bool = { true }, reports: KeptReports? = nil,
        served: [Resource] = [], _ body: @escaping @Sendable (BackgroundController, ClusterClient) async throws -> Void
    ) async throws {
        let rules = try LiveCluster.rules()
        func connection(_ user: Impersonation?) throws -> Connection {
            try ConnectionOptions(kubeconfig: server.kubeconfig.path, impersonation: user, environment: [:]).connection()
        }
        let own = try connection(nil)
        try await ClusterClient.connected(to: connection(user)) { client in
            let controller = BackgroundController(
                client: client, rules: rules, settings: settings, clock: clock, isLeader: isLeader, registry: MetricRegistry(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, reports: reports ?? client, served: served)
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
        let end = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < end {
            do {
                if let answer = try await ask() { return answer }
            } catch let error as ClusterError where error.kind == .notFound || error.kind == .unreachable {}
        }
        throw NeverCame(description: "it never came to: \(what)")
    }

    private struct NeverCame: Error, CustomStringConvertible { let description: String }

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

    /// The server of these tests cannot keep custom resources: Kubernetes 1.20 built with a Go from 1.18 on breaks in JSON of their metadata
    /// (https://github.com/modern-go/reflect2/issues/22). So all but the reports themselves is real.
    private actor KeptReports: ReportStore {
        private var kept: [String: (text: Value, writes: Int)] = [:]

        func report(_ uid: String) -> Value? { kept[uid]?.text }
        func writes(_ uid: String) -> Int { kept[uid]?.writes ?? 0 }

        func reports(_ resource: Resource, pageSize: Int) throws(ClusterError) -> [String: ReportSync.Stored] {
            kept.filter { resource.isNamespaced != $0.value.text["metadata"]["namespace"].text.isEmpty }.mapValues { report in
                let metadata = report.text["metadata"]
                return .init(namespace: metadata["namespace"].text, hash: metadata["labels"].entry(named: ReportText.hashKey).text)
            }
        }

        func apply(report: [UInt8], _ reference: ObjectReference) throws(ClusterError) {
            guard let root = DocumentTree.parse(report, source: "report", syntax: .json).tree.roots.first else {
                throw ClusterError(.refused(400), "no JSON")
            }
            kept[reference.name] = (root, (kept[reference.name]?.writes ?? 0) + 1)
        }

        func deleteReport(_ reference: ObjectReference) throws(ClusterError) {
            guard kept.removeValue(forKey: reference.name) != nil else { throw ClusterError(.notFound, "not there") }
        }
    }

    @Test func reportsFollowTheirObjects() async throws {
        try await APIServer.running(flags: Self.flags) { server in
            _ = try server.create(
                [#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}"#, Self.deployment("web")].joined(separator: "\n"))
            let isLeader = Mutex(true)
            let reports = KeptReports()
            let served = [true, false].map { Self.resource(.openReports, isNamespaced: $0) }
            try await Self.running(server, isLeader: { isLeader.withLock { $0 } }, reports: reports, served: served) { controller, client in
                func uid(_ name: String) async throws -> String {
                    try await client.get(ObjectReference(Self.deployments, namespace: "shop", name: name))["metadata"]["uid"].text
                }
                // A request sets the pace of asking again.
                func report(_ uid: String) async throws -> Value? {
                    _ = try await client.version()
                    return await reports.report(uid)
                }
                let web = try await uid("web")
                let first: Value = try await Self.eventually("a report of web") { try await report(web) }
                let owner = try #require(try first["metadata"]["ownerReferences"].items().first { _ in true })
                #expect(["apiVersion", "kind", "name", "uid"].map { owner.entry(named: $0).text } == ["apps/v1", "Deployment", "web", web])
                let row = try #require(try first["results"].items().first { $0["policy"].text == "privileged-containers" })
                #expect(row["properties"]["responsibility"].text == "customer" && row["properties"]["fingerprint"].text.utf8.count == 32)
                #expect(row["properties"]["fieldPath"].text == "spec.template.spec.containers[0].securityContext.privileged")
                #expect(first["scope"]["uid"].text == web)

                // Nothing changed, so nothing is written again, whatever else happens.
                _ = try server.create(Self.deployment("api"))
                let api = try await uid("api")
                let other: Value = try await Self.eventually("a report of api") { try await report(api) }
                #expect(other["metadata"]["name"].text == api)
                #expect(await reports.writes(web) == 1)

                // Mended: the row goes, though the server restarts meanwhile.
                let patch = ManifestText(LiveCluster.value(Self.deployment("web", privileged: false)))
                let place = ObjectReference(Self.deployments, namespace: "shop", name: "web")
                _ = try await client.apply(patch, place, manager: "test", force: true)
                try await server.restart()
                let mended: Value = try await Self.eventually("the row is gone") {
                    let now = try await report(web)
                    return try now.flatMap { try Self.policies($0).contains("privileged-containers") ? nil : $0 }
                }
                #expect(mended["metadata"]["name"].text == web)

                // Gone: so is its report, with no garbage collector about.
                try await client.delete(place)
                let isGone: Bool = try await Self.eventually("the report is gone") {
                    let left = try await report(web)
                    return left == nil ? true : nil
                }
                #expect(isGone)

                // Without the lease it watches on and writes nothing.
                isLeader.withLock { $0 = false }
                _ = try server.create(Self.deployment("late"))
                let late = try await uid("late")
                let judged: JudgedObject = try await Self.eventually("late is judged") {
                    _ = try await client.version()
                    return controller.findings.reports[late]
                }
                #expect(judged.scope.name == "late")
                #expect(try await report(late) == nil)
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
                    return controller.store.isComplete && !controller.findings.reports.isEmpty ? true : nil
                }
                #expect(controller.store.count == 1)
                #expect(
                    controller.gaps.contains { $0.message.hasPrefix("list pods in the whole cluster: forbidden; grant the verb 'list' on 'pods'") })
                #expect(!controller.gaps.contains { $0.message.hasPrefix("list deployments.apps") })
                #expect(controller.findings.reports.count == 1)
                let web = try await client.get(ObjectReference(Self.deployments, namespace: "shop", name: "web"))["metadata"]["uid"].text
                let owners = controller.store.admission.owners(namespace: "shop", of: .init(kind: "Deployment", name: "web", uid: web))
                #expect(owners.map(\.displayName) == ["Deployment shop/web"] && controller.store.admission.isComplete)
            }
        }
    }
}
