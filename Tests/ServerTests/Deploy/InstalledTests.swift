import ClusterSupport
import Documents
import Foundation
import Kubernetes
import KubernetesClient
import Ledger
import Testing

@testable import Server

/// The manifests and the chart in a real cluster.
@Suite(
    .enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"),
    .enabled(if: ClusterTools.helm != nil && ClusterTools.kubectl != nil, "kubectl and helm are missing"))
struct InstalledTests {
    private static let folder = DeployTests.root.appending(path: "deploy/admission-before-1.25").path
    private static let chart = DeployTests.root.appending(path: "deploy/charts/demarc").path
    private static let user = "system:serviceaccount:demarc:demarc"
    private static let groups = ["system:serviceaccounts", "system:serviceaccounts:demarc", "system:authenticated"]
    private static let account = Impersonation(user: user, groups: groups)

    private static func kubectl(_ server: APIServer, _ arguments: [String]) throws -> BoundedProcess {
        try DeployTests.run(ClusterTools.kubectl, ["--kubeconfig", server.kubeconfig.path] + arguments)
    }

    /// Installs the manifests, and waits until the authorizer goes by their roles.
    private static func install(_ server: APIServer) throws -> BoundedProcess {
        let applied = try kubectl(server, ["apply", "-k", folder])
        try server.settle()
        return applied
    }

    private static func helm(_ server: APIServer, _ arguments: [String]) throws -> BoundedProcess {
        try DeployTests.run(ClusterTools.helm, arguments + ["--kubeconfig", server.kubeconfig.path, "--namespace", "demarc"])
    }

    @Test func oneCommandInstallsAndMoreChangeNothing() async throws {
        try await APIServer.running(flags: InstallationTests.flags) { server in
            let first = try Self.install(server)
            #expect(first.code == 0, "\(first.complaint)")
            #expect(first.output.split(separator: "\n").allSatisfy { $0.hasSuffix("created") }, "\(first.output)")
            // What the server has filled in stays.
            let keeper = try await InstallationTests.connected(server, as: Self.account) { client in
                let keeper = CertificateKeeper(
                    store: SecretStore(client, namespace: "demarc"), names: try .service("demarc", namespace: "demarc"), mayWrite: { true },
                    isPublished: { _ in true }, serve: { _ in })
                return try await keeper.look(now: Timestamp(secondsSinceEpoch: 1_800_000_000))
            }
            let again = try Self.kubectl(server, ["apply", "-k", Self.folder])
            #expect(again.output.split(separator: "\n").allSatisfy { $0.hasSuffix("unchanged") }, "\(again.output)")
            let stored = try await InstallationTests.connected(server) { try await SecretStore($0, namespace: "demarc").load().state.bundle }
            #expect(stored == keeper.bundle)
        }
    }

    @Test func theChartInstallsUpgradesAndGoes() async throws {
        try await APIServer.running(flags: InstallationTests.flags) { server in
            let installed = try Self.helm(server, ["install", "demarc", Self.chart, "--create-namespace"])
            #expect(installed.code == 0, "\(installed.complaint)")
            let deployment = try InstallationTests.get(server, "/apis/apps/v1/namespaces/demarc/deployments/demarc")
            #expect(try deployment["spec"]["replicas"].int() == 3)
            let upgraded = try Self.helm(server, ["upgrade", "demarc", Self.chart, "--set", "replicas=2"])
            #expect(upgraded.code == 0, "\(upgraded.complaint)")
            #expect(try InstallationTests.get(server, "/apis/apps/v1/namespaces/demarc/deployments/demarc")["spec"]["replicas"].int() == 2)
            // The job that uninstalls needs a node, which is not here.
            let removed = try Self.helm(server, ["uninstall", "demarc", "--no-hooks"])
            #expect(removed.code == 0, "\(removed.complaint)")
            #expect(try server.get("/apis/apps/v1/namespaces/demarc/deployments/demarc").status == 404)
            #expect(try server.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/privilegegrants.demarc.dev").status == 200, "grants stay")
        }
    }

    /// With the roles of the manifests and nothing else the server does all it has to do, and the part of them that is about its own objects gives
    /// nothing that it does not use.
    @Test func theRolesAreEnoughAndNoMore() async throws {
        let bundle = try await InstallationTests.bundle()
        try await APIServer.running(flags: InstallationTests.flags) { server in
            #expect(try Self.install(server).code == 0)
            try await InstallationTests.connected(server, as: Self.account) { client in
                // Longer than a busy machine may take for all that is done under it.
                let lease = Lease(client, namespace: "demarc", name: "demarc", identity: "a", duration: .seconds(3_600))
                #expect(try await lease.attempt())
                #expect(try await lease.attempt())
                let keeper = CertificateKeeper(
                    store: SecretStore(client, namespace: "demarc"), names: try .service("demarc", namespace: "demarc"), mayWrite: { lease.isHeld },
                    isPublished: { _ in true }, serve: { _ in })
                _ = try await keeper.look(now: Timestamp(secondsSinceEpoch: 1_800_000_000))
                let heart = Heartbeat(client, namespace: "demarc", identity: "a")
                _ = try await heart.beat(now: Timestamp(secondsSinceEpoch: 1_800_000_000))
                _ = try await heart.beat(now: Timestamp(secondsSinceEpoch: 1_800_000_100))
                var settings = InstallationTests.settings(.service(name: "demarc", port: 443), role: "demarc-admission")
                settings.systemNamespaces = []
                let installer = Installer(client, settings: settings)
                #expect(try await installer.reconcile(bundle: bundle).count == 6)
                for kind in ["validating", "mutating"] {
                    let path = "\(InstallationTests.admission)/\(kind)webhookconfigurations/demarc?fieldManager=x"
                    #expect(
                        try server.request("PATCH", path, body: InstallationTests.stranger, headers: ["Content-Type": "application/json-patch+json"])
                            .status == 200)
                }
                #expect(try await installer.reconcile(bundle: bundle).count == 2)
                // Enough for the way out, too: the job of the chart runs as this account.
                let report = try await Uninstaller(client, namespace: "demarc") { _ in }.run()
                #expect(report.isComplete, "\(report.failures)")
                #expect(report.removed.count == 9, "\(report.removed)")
                // Without the lease no replica can take it again, and none installs anything.
                await #expect(throws: ClusterError.self) { try await lease.attempt() }
            }
            try Self.everyRightWasUsed(server)
            try Self.nothingElseIsAllowed(server)
        }
    }

    /// What the ledger needs beside: its lease, and the mailbox of the replicas.
    @Test func theLedgersRoleIsEnoughAndNoMore() async throws {
        let overlay = DeployTests.root.appending(path: "deploy/admission-ledger")
        try await APIServer.running(flags: InstallationTests.flags) { server in
            #expect(try Self.install(server).code == 0)
            let files = ["state.yaml", "role.yaml"].flatMap { ["-f", overlay.appending(path: $0).path] }
            let applied = try Self.kubectl(server, ["apply"] + files)
            #expect(applied.code == 0, "\(applied.complaint)")
            try server.settle()
            try await InstallationTests.connected(server, as: Self.account) { client in
                let lease = Lease(client, namespace: "demarc", name: "demarc-ledger", identity: "a", duration: .seconds(3_600), after: 41)
                #expect(try await lease.attempt())
                #expect(try await lease.attempt())
                #expect(lease.token == 42)
                let mailbox = ConfigMapMailbox(client, namespace: "demarc", sender: "a")
                let entry = try Entry(kind: "admission.denied", actor: "ann", subject: "s", time: "2026-06-01T00:00:00Z")
                #expect(try await mailbox.post([entry]))
                try await mailbox.collect { #expect($0 == [entry]) }
            }
            let wanted: [AccessReview.Resource] = [
                .init("get", "configmaps", name: "other", namespace: "demarc"), .init("create", "configmaps", namespace: "demarc"),
                .init("delete", "configmaps", name: "demarc-records", namespace: "demarc"),
                .init("update", "leases", group: "coordination.k8s.io", name: "other", namespace: "demarc"),
            ]
            let allowed = try server.allows(wanted.map { AccessReview(user: Self.user, groups: Self.groups, $0) })
            #expect(allowed.allSatisfy { !$0 })
        }
    }

    /// Each verb on each object of its own that a role gives stands in the audit log.
    private static func everyRightWasUsed(_ server: APIServer) throws {
        var used: Set<String> = []
        for text in try server.auditEvents() {
            guard let event = DocumentTree.parse(text).tree.roots.first, event["impersonatedUser"]["username"].text == user else { continue }
            let object = event["objectRef"]
            used.insert("\(event["verb"].text) \(object["resource"].text) \(object["name"].text)")
            // A patch that made the object was authorised as a creation as well.
            if event["verb"].text == "patch", event["responseStatus"]["code"].text == "201" {
                used.insert("create \(object["resource"].text) \(object["name"].text)")
            }
        }
        let rules = try ["clusterroles/demarc-admission", "namespaces/demarc/roles/demarc-admission"].flatMap { path in
            try InstallationTests.get(server, "/apis/rbac.authorization.k8s.io/v1/\(path)")["rules"].items()
        }
        var given = 0
        for rule in rules where rule["resourceNames"].exists {
            for resource in try rule["resources"].strings() where !resource.hasPrefix("validatingadmissionpolic") {
                for (name, verb) in try rule["resourceNames"].strings().flatMap({ name in try rule["verbs"].strings().map { (name, $0) } }) {
                    given += 1
                    #expect(used.contains("\(verb) \(resource) \(name)"), "\(verb) \(resource) \(name) is given and never used")
                }
            }
        }
        #expect(given > 20)
    }

    /// What an attacker inside of the server would want.
    private static func nothingElseIsAllowed(_ server: APIServer) throws {
        let wanted: [AccessReview.Resource] = [
            .init("get", "secrets", name: "other", namespace: "demarc"), .init("list", "secrets", namespace: "demarc"), .init("list", "secrets"),
            .init("create", "secrets", namespace: "demarc"), .init("create", "leases", group: "coordination.k8s.io", namespace: "demarc"),
            .init("create", "pods", namespace: "shop"), .init("create", "pods", subresource: "exec", name: "a", namespace: "shop"),
            .init("update", "deployments", group: "apps", name: "demarc", namespace: "demarc"),
            .init("create", "serviceaccounts", subresource: "token", name: "demarc", namespace: "demarc"),
            .init("create", "validatingwebhookconfigurations", group: "admissionregistration.k8s.io"),
            .init("delete", "validatingwebhookconfigurations", group: "admissionregistration.k8s.io", name: "others"),
            .init("update", "clusterroles", group: "rbac.authorization.k8s.io", name: "demarc-admission"),
            .init("bind", "clusterroles", group: "rbac.authorization.k8s.io", name: "cluster-admin"), .init("impersonate", "users"),
            .init("patch", "namespaces", name: "shop"), .init("update", "privilegegrants", group: "demarc.dev", namespace: "shop"),
            .init("approve", "privilegegrants", group: "demarc.dev", namespace: "shop"), .init("get", "nodes", subresource: "proxy", name: "n"),
        ]
        let allowed = try server.allows(wanted.map { AccessReview(user: user, groups: groups, $0) })
        for (resource, isAllowed) in zip(wanted, allowed) { #expect(!isAllowed, "\(resource)") }
    }

    // MARK: - Grants

    private static func grant(_ name: String, _ spec: String) -> String {
        "{apiVersion: demarc.dev/v1alpha1, kind: PrivilegeGrant, metadata: {name: \(name), namespace: default}, spec: {\(spec)}}"
    }

    private static let good = """
        workload: {kind: Deployment, name: web, serviceAccountName: web}, privileges: [{control: host-ports, container: a, value: 80}], \
        justification: a, accountable: {team: a}, notBefore: "2026-01-01T00:00:00Z", expires: "2027-01-01T00:00:00Z"
        """

    private static let grants: [(from: String, to: String, status: Int)] = [
        ("", "", 201), ("value: 80", "value: true", 201), ("value: 80", "value: NET_ADMIN, readOnly: true", 201),
        ("justification: a, ", "", 422), ("control: host-ports, ", "", 422), ("kind: Deployment, ", "", 422),
        ("2027-01-01T00:00:00Z", "next year", 422), ("justification: a", "justification: a, tier: mine", 422),
        ("justification: a", "justification: a, imageDigests: [latest]", 422), ("justification: a", "justification: a, tier: self-service", 201),
        ("[{control: host-ports, container: a, value: 80}]", "[]", 422),
    ]

    @Test func grantsAreOfTheFormThatIsRead() async throws {
        try await APIServer.running(flags: InstallationTests.flags) { server in
            #expect(try Self.install(server).code == 0)
            let path = "/apis/demarc.dev/v1alpha1/namespaces/default/privilegegrants"
            let isServed = try await InstallationTests.eventually { try server.serves(path) }
            try #require(isServed)
            for (index, grant) in Self.grants.enumerated() {
                let spec = grant.from.isEmpty ? Self.good : Self.good.replacing(grant.from, with: grant.to)
                #expect(grant.from.isEmpty || spec != Self.good, "nothing was changed")
                let json = try #require(DocumentTree.parse(Self.grant("g\(index)", spec)).tree.roots.first)
                let answer = try server.post(path, Self.json(json))
                #expect(answer.status == grant.status, "\(grant): \(answer.body)")
            }
            // A field that nobody knows may be meant as a restriction: it must reach whoever reads the grant.
            let odd = Self.good.replacing("justification: a", with: "justification: a, onlyOnSundays: true")
            let made = try server.post(path, Self.json(try #require(DocumentTree.parse(Self.grant("odd", odd)).tree.roots.first)))
            #expect(made.status == 201 && made.body.contains("onlyOnSundays"))
            // What a customer writes as status is dropped.
            let forged = Self.grant("forged", Self.good).dropLast() + ", status: {conditions: [{type: Active, status: 'True'}]}}"
            let stored = try server.post(path, Self.json(try #require(DocumentTree.parse(String(forged)).tree.roots.first)))
            let status = try #require(DocumentTree.parse(stored.body).tree.roots.first)["status"]
            #expect(stored.status == 201 && !status["conditions"].exists)
            #expect(try Self.kubectl(server, ["get", "pgrant"]).output.hasPrefix("NAME"))
        }
    }

    /// One line of JSON.
    private static func json(_ value: Value) -> String {
        func text(_ manifest: ManifestText) -> String {
            switch manifest {
            case .text(let text): "\"\(text)\""
            case .number(let number): "\(number)"
            case .boolean(let boolean): "\(boolean)"
            case .null: "null"
            case .list(let items): "[\(items.map(text).joined(separator: ","))]"
            case .map(let entries): "{\(entries.map { "\"\($0.key)\":\(text($0.value))" }.joined(separator: ","))}"
            }
        }
        return text(ManifestText(value))
    }
}
