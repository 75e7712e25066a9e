import ClusterSupport
import Documents
import Foundation
import Kubernetes
import KubernetesClient
import Synchronization
import Testing

@testable import Server

/// What is installed in a real cluster, and what is left of it.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct InstallationTests {
    static let flags = ["--disable-admission-plugins=ServiceAccount"]
    /// Nobody listens there.
    static let deaf = InstallationSettings.Endpoint.url("https://127.0.0.1:1")

    static func settings(_ endpoint: InstallationSettings.Endpoint = deaf, role: String? = nil) -> InstallationSettings {
        InstallationSettings(
            namespace: "demarc", endpoint: endpoint, version: KubernetesVersion(1, 20), systemNamespaces: ["cloud-system"], ownerRole: role)
    }

    static func connected<R: Sendable>(
        _ server: APIServer, as impersonation: Impersonation? = nil, _ body: @Sendable (ClusterClient) async throws -> R
    ) async throws -> R {
        let options = ConnectionOptions(kubeconfig: server.kubeconfig.path, impersonation: impersonation, environment: [:])
        return try await ClusterClient.connected(to: options.connection(), body)
    }

    static func bundle() async throws -> String {
        let keeper = CertificateKeeper(
            store: MemoryStore(), names: try CertificateNames(["demarc.demarc.svc"]), mayWrite: { true }, isPublished: { _ in true }, serve: { _ in })
        return try await keeper.look(now: Timestamp(secondsSinceEpoch: 1_800_000_000)).bundle
    }

    static func namespace(_ name: String) -> String { #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#(name)"}}"# }

    static func pod(_ name: String, _ namespace: String) -> String {
        #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)","namespace":"\#(namespace)"},"spec":{"containers":[{"name":"a","image":"registry.example/a"}]}}"#
    }

    static func get(_ server: APIServer, _ path: String) throws -> Value {
        try #require(DocumentTree.parse(try server.get(path).body).tree.roots.first)
    }

    static let admission = "/apis/admissionregistration.k8s.io/v1"

    /// Asks again until it is so: an API server acts on what is stored a moment later.
    static func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < end { if try await condition() { return true } }
        return false
    }

    /// Whether Pods that somebody would make now are let in, each in a namespace.
    private static func wouldBe(_ status: Int, in namespaces: String..., at server: APIServer) throws -> Bool {
        let requests = namespaces.map { APIServer.Request("POST", "/api/v1/namespaces/\($0)/pods?dryRun=All", body: pod("probe", $0)) }
        return try server.send(requests).allSatisfy { $0.status == status }
    }

    /// Everything a cluster has, by name and without what changes by itself.
    static func everything(_ server: APIServer) throws -> Set<String> {
        let kubectl = try #require(ClusterTools.kubectl)
        let config = ["--kubeconfig", server.kubeconfig.path]
        let kinds = try BoundedProcess.run(kubectl, config + ["api-resources", "--verbs=list", "-o", "name"], seconds: 60)
        let names = kinds.output.split(separator: "\n").filter { !$0.hasPrefix("events") && $0 != "ingresses.extensions" }.joined(separator: ",")
        let row = "{range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.metadata.labels}{\"\\n\"}{end}"
        let listed = try BoundedProcess.run(kubectl, config + ["get", names, "-A", "-o", "jsonpath=\(row)"], seconds: 120)
        #expect(listed.code == 0, "\(listed.complaint)")
        return Set(listed.output.split(separator: "\n").map(String.init))
    }

    // MARK: -

    @Test func whatIsChangedIsPutRightAndTwiceIsOnce() async throws {
        let bundle = try await Self.bundle()
        try await APIServer.running(flags: Self.flags) { server in
            _ = try server.create([Self.namespace("demarc"), Self.namespace("cloud-system"), Self.namespace("shop")].joined(separator: "\n"))
            try await Self.connected(server) { client in
                let installer = Installer(client, settings: Self.settings())
                await #expect(throws: ClusterError.self) { try await installer.reconcile(bundle: "") }
                #expect(try await installer.isPublished(bundle), "nobody reads an older one")
                let first = try await installer.reconcile(bundle: bundle)
                #expect(first.map(\.what).filter { $0 == .created }.count == 2)
                #expect(
                    first.filter { $0.object.hasPrefix("Namespace ") }.map(\.object).sorted()
                        == ["cloud-system", "demarc", "kube-node-lease", "kube-public", "kube-system"].map { "Namespace \($0)" })
                #expect(first.last?.object == "ValidatingWebhookConfiguration demarc", "the closed one last, after the names it goes by")
                func versions() throws -> [String] {
                    try ["validating", "mutating"].map {
                        try Self.get(server, "\(Self.admission)/\($0)webhookconfigurations/demarc")["metadata"]["resourceVersion"].text
                    }
                }
                let before = try versions()
                #expect(try await installer.reconcile(bundle: bundle).map(\.what) == [.unchanged, .unchanged])
                #expect(try versions() == before)
                #expect(try await installer.isPublished(bundle))
                #expect(try await !installer.isPublished(bundle + bundle))
                #expect(try Self.get(server, "/api/v1/namespaces/shop")["metadata"]["labels"]["kubernetes.io/metadata.name"].exists == false)

                // Each of them would let Pods past the webhook, and each by a hand that owns the field.
                for (patch, field) in Self.tampering {
                    let path = "\(Self.admission)/validatingwebhookconfigurations/demarc?fieldManager=stranger"
                    let changed = try server.request("PATCH", path, body: patch, headers: ["Content-Type": "application/json-patch+json"])
                    #expect(changed.status == 200, "\(changed.body)")
                    let repaired = try await installer.reconcile(bundle: bundle)
                    guard case .repaired(let fields) = repaired.last?.what else { #expect(Bool(false), "\(field) stayed"); continue }
                    #expect(fields.contains(field), "\(fields)")
                    #expect(try await installer.reconcile(bundle: bundle).map(\.what) == [.unchanged, .unchanged])
                }
                _ = try server.request("DELETE", "\(Self.admission)/mutatingwebhookconfigurations/demarc")
                #expect(try await installer.reconcile(bundle: bundle).map(\.what) == [.created, .unchanged])
                #expect(try await installer.reconcile(bundle: bundle + bundle).count == 2)
                #expect(try await installer.isPublished(bundle + bundle))
            }
        }
    }

    static let stranger =
        #"[{"op":"add","path":"/webhooks/-","value":{"name":"stranger.demarc.dev","admissionReviewVersions":["v1"],"sideEffects":"None","clientConfig":{"url":"https://127.0.0.1:1/"},"failurePolicy":"Ignore"}}]"#

    private static let tampering: [(String, String)] = [
        (#"[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]"#, "webhooks[pods.demarc.dev].failurePolicy"),
        (#"[{"op":"add","path":"/webhooks/0/objectSelector","value":{"matchLabels":{"a":"b"}}}]"#, "webhooks[pods.demarc.dev].objectSelector"),
        (
            #"[{"op":"add","path":"/webhooks/0/namespaceSelector/matchLabels","value":{"a":"b"}}]"#,
            "webhooks[pods.demarc.dev].namespaceSelector.matchLabels"
        ),
        (
            #"[{"op":"add","path":"/webhooks/0/namespaceSelector/matchExpressions/0/values/-","value":"shop"}]"#,
            "webhooks[pods.demarc.dev].namespaceSelector.matchExpressions"
        ),
        (#"[{"op":"replace","path":"/webhooks/0/rules/0/operations","value":["DELETE"]}]"#, "webhooks[pods.demarc.dev].rules"),
        (#"[{"op":"replace","path":"/metadata/labels/app.kubernetes.io~1managed-by","value":"me"}]"#, "metadata.labels"),
        // A list by names: applying ours leaves another's entry, so this one needs a replacement.
        (stranger, "webhooks[stranger.demarc.dev]"), (#"[{"op":"remove","path":"/webhooks/0"}]"#, "webhooks[pods.demarc.dev]"),
    ]

    /// Nobody answers: tenants' Pods are refused, and nothing else suffers.
    @Test func aWebhookThatDoesNotAnswerIsNoOutage() async throws {
        let bundle = try await Self.bundle()
        try await APIServer.running(flags: Self.flags) { server in
            _ = try server.create([Self.namespace("demarc"), Self.namespace("shop")].joined(separator: "\n"))
            _ = try server.create(Self.pod("early", "shop"))
            _ = try await Self.connected(server) { client in try await Installer(client, settings: Self.settings()).reconcile(bundle: bundle) }
            func status(_ text: String) throws -> [Int] { try server.create(text).map(\.status) }
            // The API server hears of the configuration, and of the names that it goes by.
            let isHeard = try await Self.eventually {
                try Self.wouldBe(500, in: "shop", at: server) && Self.wouldBe(201, in: "kube-system", "kube-node-lease", "demarc", at: server)
            }
            #expect(isHeard)
            let refused = try server.create(Self.pod("late", "shop"))
            #expect(refused.map(\.status) == [500] && refused.allSatisfy { $0.body.contains("pods.demarc.dev") })
            #expect(try status(Self.pod("a", "kube-system")) == [201])
            #expect(try status(Self.pod("a", "kube-node-lease")) == [201])
            #expect(try status(Self.pod("a", "demarc")) == [201], "the server's own Pods come back by themselves")
            let rest = [
                #"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"a","namespace":"shop"}}"#,
                #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"}}"#, Self.namespace("other"),
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop"}}"#,
                #"{"apiVersion":"v1","kind":"Event","metadata":{"name":"a","namespace":"shop"},"involvedObject":{"namespace":"shop"}}"#,
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"a","namespace":"shop"},"spec":{"ports":[{"port":80}]}}"#,
                #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","namespace":"shop"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"a"}]}}}}"#,
                #"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"a"},"rules":[]}"#,
                #"{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"others"},"webhooks":[]}"#,
                #"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"a"}}"#,
                #"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"nonResourceAttributes":{"path":"/","verb":"get"}}}"#,
            ]
            #expect(try server.create(rest.joined(separator: "\n")).map(\.status) == rest.map { _ in 201 })
            // Pods that are there keep their state, and can go.
            let patch = #"{"status":{"phase":"Running"}}"#
            let merge = ["Content-Type": "application/merge-patch+json"]
            #expect(try server.request("PATCH", "/api/v1/namespaces/shop/pods/early/status", body: patch, headers: merge).status == 200)
            #expect(try server.request("PATCH", "/api/v1/nodes/n1", body: #"{"metadata":{"labels":{"a":"b"}}}"#, headers: merge).status == 200)
            #expect(try server.request("DELETE", "/api/v1/namespaces/shop/pods/early").status == 200)
            // A namespace that calls itself by a name that is exempt is asked about, and here nobody answers.
            let spoof = #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"evil","labels":{"kubernetes.io/metadata.name":"kube-system"}}}"#
            #expect(try status(spoof) == [500])
            let label = #"{"metadata":{"labels":{"kubernetes.io/metadata.name":"demarc"}}}"#
            #expect(try server.request("PATCH", "/api/v1/namespaces/shop", body: label, headers: merge).status == 500)
            // And the way out needs no webhook.
            #expect(try server.request("DELETE", "\(Self.admission)/validatingwebhookconfigurations/demarc").status == 200)
            let isOpen = try await Self.eventually { try Self.wouldBe(201, in: "shop", at: server) }
            #expect(try isOpen && status(Self.pod("late", "shop")) == [201])
        }
    }

    /// An API server asks no webhook about webhook configurations, so no rule of ours names them.
    @Test func noWebhookIsAskedAboutWebhooks() async throws {
        try await APIServer.running(flags: Self.flags) { server in
            let closed =
                #"{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"closed"},"webhooks":[{"name":"a.demarc.dev","admissionReviewVersions":["v1"],"sideEffects":"None","failurePolicy":"Fail","clientConfig":{"url":"https://127.0.0.1:1/"},"rules":[{"apiGroups":["admissionregistration.k8s.io","node.k8s.io"],"apiVersions":["*"],"operations":["*"],"resources":["*"]}]}]}"#
            let other =
                #"{"apiVersion":"admissionregistration.k8s.io/v1","kind":"MutatingWebhookConfiguration","metadata":{"name":"other"},"webhooks":[]}"#
            let runtime = #"{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"a"},"handler":"a"}"#
            #expect(try server.create(closed).map(\.status) == [201])
            let refuses = try await Self.eventually { try server.post("/apis/node.k8s.io/v1/runtimeclasses?dryRun=All", runtime).status == 500 }
            #expect(refuses, "it does refuse what it is asked about")
            #expect(try server.create(other).map(\.status) == [201])
        }
    }

    @Test func uninstallingLeavesNothing() async throws {
        let bundle = try await Self.bundle()
        try await APIServer.running(users: ["alice": ["dev"]], flags: Self.flags) { server in
            _ = try server.create([Self.namespace("demarc"), Self.namespace("shop"), Self.reports].joined(separator: "\n"))
            // A label that somebody else has set stays.
            let merge = ["Content-Type": "application/merge-patch+json"]
            let label = #"{"metadata":{"labels":{"kubernetes.io/metadata.name":"kube-public"}}}"#
            _ = try server.request("PATCH", "/api/v1/namespaces/kube-public?fieldManager=admin", body: label, headers: merge)
            let isServed = try await Self.eventually { try server.serves(Self.reportsPath) }
            try #require(isServed)
            let before = try Self.everything(server)
            try await Self.connected(server) { client in
                // Longer than a busy machine may take for all that is done under it.
                let lease = Lease(client, namespace: "demarc", name: "demarc", identity: "a", duration: .seconds(59))
                #expect(try await lease.attempt())
                let keeper = CertificateKeeper(
                    store: SecretStore(client, namespace: "demarc"), names: try CertificateNames(["demarc.demarc.svc"]), mayWrite: { lease.isHeld },
                    isPublished: { _ in true }, serve: { _ in })
                #expect(try await keeper.look(now: Timestamp(secondsSinceEpoch: 1_800_000_000)).done.count == 2)
                _ = try await Heartbeat(client, namespace: "demarc", identity: "a").beat(now: Timestamp(secondsSinceEpoch: 1_800_000_000))
                _ = try await Installer(client, settings: Self.settings()).reconcile(bundle: bundle)
                try Self.report(server, "mine", labels: #"{"app.kubernetes.io/managed-by":"demarc"}"#)
                #expect(try Self.everything(server).count > before.count)

                let waits = Mutex<[Duration]>([])
                let report = try await Uninstaller(client, namespace: "demarc") { duration in waits.withLock { $0.append(duration) } }.run()
                #expect(report.isComplete, "\(report.failures)")
                #expect(report.removed.prefix(2) == ["ValidatingWebhookConfiguration demarc", "MutatingWebhookConfiguration demarc"])
                #expect(report.removed.contains("the label kubernetes.io/metadata.name of Namespace kube-system"))
                #expect(report.removed.contains("PolicyReport shop/mine") && report.removed.contains("Secret demarc/demarc-ca"))
                #expect(waits.withLock { $0 } == [.seconds(60)], "as long as a replica may believe that it holds the lease")
                #expect(try Self.everything(server) == before)
                let again = try await Uninstaller(client, namespace: "demarc") { _ in }.run()
                #expect(again.isComplete && again.removed.isEmpty)
            }
            // Whoever may not is told what is missing.
            let alice = try await Self.connected(server, as: Impersonation(user: "alice")) { try await Uninstaller($0, namespace: "demarc").run() }
            #expect(alice.removed.isEmpty && !alice.isComplete)
            #expect(
                alice.failures.first?.description.hasPrefix(
                    "delete validatingwebhookconfigurations.admissionregistration.k8s.io 'demarc' in the whole cluster: forbidden; grant the verb 'delete'"
                ) == true)
        }
    }

    /// A kind of reports as other projects define it, without what it holds.
    private static let reports = #"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"policyreports.wgpolicyk8s.io","annotations":{"api-approved.kubernetes.io":"unapproved"}},"spec":{"group":"wgpolicyk8s.io","scope":"Namespaced","names":{"plural":"policyreports","singular":"policyreport","kind":"PolicyReport","listKind":"PolicyReportList"},"versions":[{"name":"v1alpha2","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}
        """#

    private static let reportsPath = "/apis/wgpolicyk8s.io/v1alpha2/namespaces/shop/policyreports"

    private static func report(_ server: APIServer, _ name: String, labels: String) throws {
        let text =
            #"{"apiVersion":"wgpolicyk8s.io/v1alpha2","kind":"PolicyReport","metadata":{"name":"\#(name)","namespace":"shop","labels":\#(labels)}}"#
        #expect(try server.post(reportsPath, text).status == 201)
    }

    /// The configurations go with the role of the manifests, when somebody removes those and knows of nothing else.
    @Test func configurationsGoWithTheManifests() async throws {
        let bundle = try await Self.bundle()
        try await APIServer.running(controllers: ["garbagecollector"], flags: Self.flags) { server in
            _ = try server.create(Self.namespace("demarc"))
            let role = #"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"demarc-admission"},"rules":[]}"#
            #expect(try server.create(role).map(\.status) == [201])
            try await Self.connected(server) { client in
                _ = try await Installer(client, settings: Self.settings(role: "demarc-admission")).reconcile(bundle: bundle)
                let query = ListQuery(OwnedResources.validatingWebhooks)
                _ = try server.request("DELETE", "/apis/rbac.authorization.k8s.io/v1/clusterroles/demarc-admission")
                for try await event in client.watch(query) {
                    if case .deleted(let object) = event, object["metadata"]["name"].text == "demarc" { break }
                    if case .listed = event, try server.get("\(Self.admission)/validatingwebhookconfigurations/demarc").status == 404 { break }
                }
                #expect(try server.get("\(Self.admission)/validatingwebhookconfigurations/demarc").status == 404)
            }
        }
    }

    // MARK: - The sign of life

    @Test func silenceIsFoundByWhoeverComesBackFirst() async throws {
        try await APIServer.running(flags: Self.flags) { server in
            _ = try server.create(Self.namespace("demarc"))
            let lease =
                #"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"demarc-heartbeat","namespace":"demarc","annotations":{"a":"b"}}}"#
            #expect(try server.create(lease).map(\.status) == [201])
            let start = Timestamp(secondsSinceEpoch: 1_800_000_000)
            try await Self.connected(server) { client in
                let hearts = ["a", "b", "c"].map { Heartbeat(client, namespace: "demarc", identity: $0) }
                #expect(try await hearts[0].beat(now: start) == [])
                #expect(try await hearts[1].beat(now: start.advanced(bySeconds: 10)) == [])
                // All come back at once: one window, once.
                let back = start.advanced(bySeconds: 300)
                let found = try await withThrowingTaskGroup(of: [Silence].self) { group in
                    for heart in hearts { group.addTask { try await heart.beat(now: back) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let window = Silence(start: start.advanced(bySeconds: 10), end: back)
                #expect(found == [[window], [window], [window]])
                let live = try Self.get(server, "/apis/coordination.k8s.io/v1/namespaces/demarc/leases/demarc-heartbeat")
                #expect(live["metadata"]["annotations"]["a"].text == "b")
                #expect(live["metadata"]["annotations"]["demarc.dev/silences"].text == window.description)
                #expect(live["spec"]["renewTime"].text == "2027-01-15T08:05:00.000000Z")
            }
        }
    }
}
