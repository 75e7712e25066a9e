import ClusterSupport
import Foundation
import Testing

/// Whoever the webhook names as the author of what it finds, the audit log of a real API server names too.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct ServeAuthorTests {
    private static let path = "/apis/apps/v1/namespaces/shop/deployments"
    private static let people = ["ann", "bob", "carol"]

    private static func deployment(_ name: String) -> String {
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\(name)","namespace":"shop"},"spec":{"selector":{"matchLabels":{"app":"web"}},\
        "template":{"metadata":{"labels":{"app":"web"}},"spec":{"hostIPC":true,"containers":[{"name":"app","image":"r/app:1"},\
        {"name":"side","image":"r/side:1","ports":[{"containerPort":80}]}]}}}}
        """
    }

    /// What each of them changes, by another kind of request, and where a finding comes of it.
    private static let changes: [(user: String, type: String, body: String, query: String, path: String)] = [
        (
            "bob", "application/json-patch+json",
            #"[{"op":"add","path":"/spec/template/spec/containers/1/securityContext","value":{"privileged":true}}]"#, "",
            "spec.template.spec.containers[1].securityContext.privileged"
        ),
        (
            "carol", "application/apply-patch+yaml",
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"template":{"spec":{"containers":[{"name":"app",\
            "securityContext":{"capabilities":{"add":["NET_RAW","SYS_ADMIN"]}}}]}}}}
            """, "?fieldManager=carol&force=true", "spec.template.spec.containers[0].securityContext.capabilities.add[1]"
        ),
        ("ann", "application/merge-patch+json", #"{"spec":{"template":{"spec":{"hostPID":true}}}}"#, "", "spec.template.spec.hostPID"),
    ]

    private static func send(
        _ api: APIServer, _ user: String, _ method: String, _ path: String, _ body: String, _ type: String = "application/json"
    ) throws -> APIServer.Response {
        let headers = ["Authorization": "Bearer \(try #require(api.tokens[user]))", "Content-Type": type]
        return try api.request(method, path, body: body, headers: headers)
    }

    /// What the webhook says of a request, as a trial: it fails open, so where a busy machine keeps it from answering within its seconds, the API
    /// server goes on without it, and is asked again.
    private static func trial(
        _ api: APIServer, _ user: String, _ method: String, _ path: String, _ body: String, _ type: String = "application/json"
    ) async throws -> APIServer.Response {
        let query = (path.contains("?") ? "&" : "?") + "dryRun=All"
        var answer = try send(api, user, method, path + query, body, type)
        let isAnswered = try await eventually {
            if answer.warnings.contains(where: { $0.contains(": spec.template.spec.") }) { return true }
            answer = try send(api, user, method, path + query, body, type)
            return false
        }
        #expect(isAnswered && [200, 201].contains(answer.status), "\(answer)")
        return answer
    }

    /// The answers of the webhook as the API server hands them on: who is named where.
    private static func named(_ response: APIServer.Response) -> [String: String] {
        var named: [String: String] = [:]
        for warning in response.warnings {
            guard let match = warning.firstMatch(of: #/\([a-z]+, [a-z]+, by ([^)]+)\): ([^:]+): /#) else { continue }
            named[String(match.2)] = String(match.1)
        }
        return named
    }

    /// What a scan says by the server's audit log: who is proven to have written what stands where.
    private static func audited(_ api: APIServer) throws -> [String: (user: String, party: String, strength: String)] {
        try api.get(path).body.write(to: api.folder.appending(path: "dump.json"), atomically: false, encoding: .utf8)
        let scan = try Program.run(["scan", "dump.json", "--audit", "audit.log", "--model", "acs", "--format", "json"], in: api.folder)
        var audited: [String: (user: String, party: String, strength: String)] = [:]
        for finding in Reading(scan.output)["findings"].items {
            guard let user = finding["attribution"]["introducedBy"]["user"].text, let path = finding["location"]["fieldPath"].text else { continue }
            audited[path] = (user, finding["attribution"]["party"].text ?? "", finding["attribution"]["strength"].text ?? "")
        }
        return audited
    }

    @Test(.timeLimit(.minutes(20))) func theWebhookAndTheLogNameTheSame() async throws {
        let users = Self.people.reduce(into: [:]) { $0[$1] = ["system:masters"] }
        try await GuardedCluster.running(.init(users: users)) { cluster in
            let api = cluster.api
            let replica = try await cluster.guarded(["--no-reports"])
            defer { replica.stop() }

            let creation = try await Self.trial(api, "ann", "POST", Self.path, Self.deployment("web"))
            #expect(Self.named(creation)["spec.template.spec.hostIPC"] == "ann", "\(creation.warnings)")
            #expect(try Self.send(api, "ann", "POST", Self.path, Self.deployment("web")).status == 201)
            for change in Self.changes {
                let path = "\(Self.path)/web\(change.query)"
                let answer = try await Self.trial(api, change.user, "PATCH", path, change.body, change.type)
                #expect(try Self.send(api, change.user, "PATCH", path, change.body, change.type).status == 200)
                let named = Self.named(answer)
                #expect(named[change.path] == change.user, "\(answer.warnings)")
                // Of what stood there before, nobody is named by this request.
                #expect(named.values.allSatisfy { $0 == change.user } && named["spec.template.spec.hostIPC"] == nil)
            }
            let audited = try Self.audited(api)
            for (place, user) in Self.changes.map({ ($0.path, $0.user) }) + [("spec.template.spec.hostIPC", "ann")] {
                let told = audited[place]
                #expect(told?.user == user && told?.party == "customer" && told?.strength == "proven", "\(place): \(audited)")
            }

            // A Pod is refused, and its sender is told that it is his own.
            let refused = try Self.send(api, "bob", "POST", "/api/v1/namespaces/shop/pods", GuardedCluster.pod("mine", privileged: true))
            #expect(refused.status == 403, "\(refused.body)")
            #expect(refused.body.contains("who:   bob wrote it ("), "\(refused.body)")
        }
    }

    /// Where another webhook may have made it, nobody is named; once it is gone, its sender is again.
    @Test(.timeLimit(.minutes(20))) func nobodyIsNamedForWhatAnotherWebhookMayHaveMade() async throws {
        try await GuardedCluster.running(.init(users: ["ann": ["system:masters"]])) { cluster in
            let api = cluster.api
            let replica = try await cluster.guarded(["--no-reports"])
            defer { replica.stop() }
            let webhook = """
                {"apiVersion":"admissionregistration.k8s.io/v1","kind":"MutatingWebhookConfiguration","metadata":{"name":"other"},"webhooks":[{"name":\
                "other.example.com","failurePolicy":"Ignore","timeoutSeconds":1,"sideEffects":"None","admissionReviewVersions":["v1"],\
                "clientConfig":{"url":"https://127.0.0.1:1/"},"rules":[{"apiGroups":["apps"],"apiVersions":["*"],"operations":["CREATE"],\
                "resources":["deployments"]}]}]}
                """
            func isNamed(_ name: String) async throws -> Bool {
                let answer = try await Self.trial(api, "ann", "POST", Self.path, Self.deployment(name))
                #expect(answer.warnings.contains { $0.contains("spec.template.spec.hostIPC") })
                return Self.named(answer)["spec.template.spec.hostIPC"] == "ann"
            }
            #expect(try await isNamed("a"))
            _ = try api.create(webhook)
            #expect(try await eventually { try await !isNamed("b") })
            let gone = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/other"
            #expect(try api.request("DELETE", gone).status == 200)
            #expect(try await eventually { try await isNamed("c") })
        }
    }

    // MARK: - Audit events that come to the server

    private static let account = "system:serviceaccount:shop:ci"
    private static let privileged = "spec.template.spec.containers[1].securityContext.privileged"

    /// Hands the server's log to a replica, as the audit webhook of an API server does.
    private static func send(_ events: [String], to replica: Serving, token: String) throws -> Int {
        var stored = 0
        for start in stride(from: 0, to: events.count, by: 100) {
            let items = events[start..<min(start + 100, events.count)].joined(separator: ",")
            let list = #"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[\#(items)]}"#
            let answer = try replica.ask("/demarc/v1/audit", ["Authorization: Bearer \(token)"], body: Data(list.utf8))
            #expect(answer.status == "200", "\(answer)")
            stored += Reading(answer.body)["stored"].number ?? 0
        }
        return stored
    }

    /// What a replica finds at the privileged container.
    private static func finding(_ replica: Serving, _ api: APIServer) throws -> Reading? {
        let findings = Reading(try replica.ask("/demarc/v1/findings?namespace=shop", token: api.token).body)["findings"].items
        return findings.first { $0["control"].text == "privileged-containers" && $0["fieldPath"].text == privileged }
    }

    @Test(.timeLimit(.minutes(20))) func reportsNameWhomTheAuditEventsName() async throws {
        let kind = ReportDefinitions.API.openReports
        let users = ["ann": ["system:masters"], Self.account: ["system:masters", "system:serviceaccounts"]]
        try await GuardedCluster.running(.init(users: users)) { cluster in
            let api = cluster.api
            try await ReportDefinitions.install(kind.definitions, [kind.namespaced, kind.clusterWide].map { "\(kind.path)/\($0)" }, in: api)
            let replica = try await cluster.guarded(["--audit-log", "events"])
            defer { replica.stop() }
            #expect(try Self.send(api, "ann", "POST", Self.path, Self.deployment("web")).status == 201)
            let change = Self.changes[0]
            #expect(try Self.send(api, Self.account, "PATCH", "\(Self.path)/web", change.body, change.type).status == 200)
            func row() throws -> Reading? {
                let reports = Reading(try api.get("\(kind.path)/namespaces/shop/\(kind.namespaced)").body)["items"].items
                let results = reports.first { $0["scope"]["name"].text == "web" }?["results"].items
                return results?.first { $0["policy"].text == "privileged-containers" }?["properties"]
            }
            let isFound = try await eventually { try row() != nil }
            try #require(isFound, "\(replica.output.suffix(3_000))")
            #expect(try row()?["introducedBy"].text == nil && row()?["attributionStrength"].text == "recorded", "without events nothing is proven")

            // Twice: an API server that does not hear an answer sends again.
            let events = try api.auditEvents()
            #expect(try Self.send(events, to: replica, token: api.token) == events.count)
            #expect(try Self.send(events, to: replica, token: api.token) == events.count)
            let isNamed = try await eventually { try row()?["introducedBy"].text?.hasPrefix("\(Self.account) (") == true }
            try #require(isNamed, "\(replica.output.suffix(3_000))")
            #expect(try row()?["attributionStrength"].text == "proven" && row()?["accountable"].text == Self.account)
            #expect(try row()?["introducedBy"].text?.contains(", audit event audit-") == true)
            let told = try #require(try Self.finding(replica, api))
            #expect(told["introducedBy"].text == (try row()?["introducedBy"].text) && told["strength"].text == "proven")
            #expect(try (replica.metric("demarc_audit_histories", token: api.token) ?? 0) > 0)
            #expect(try replica.metric("demarc_audit_histories_dropped_total", token: api.token) == 0)

            // Whoever changes something else is told who wrote this.
            let scaling = #"{"spec":{"replicas":0}}"#
            let scaled = try await Self.trial(api, "ann", "PATCH", "\(Self.path)/web", scaling, "application/merge-patch+json")
            #expect(try Self.send(api, "ann", "PATCH", "\(Self.path)/web", scaling, "application/merge-patch+json").status == 200)
            #expect(
                Self.named(scaled)[Self.privileged] == Self.account && Self.named(scaled)["spec.template.spec.hostIPC"] == "ann", "\(scaled.warnings)"
            )

            // The same folder answers `demarc blame`.
            let field = "spec.template.spec.containers[side].securityContext.privileged"
            let arguments = ["blame", "deployment/web", "-n", "shop", "--audit", "events", "--format", "json", "--field", field]
            let blamed = Reading(try Program.run(arguments, in: api.folder).output)
            #expect(blamed["answers"].items.last?["user"].text == Self.account && blamed["answers"].items.last?["strength"].text == "proven")
            #expect(blamed["log"]["repeated"].number ?? 0 > 0)

            // And a replica that starts anew knows it from there, once the folder tells of the last change too.
            _ = try Self.send(try api.auditEvents(), to: replica, token: api.token)
            replica.stop()
            let next = try await cluster.replica(["--audit-log", "events", "--no-reports"])
            defer { next.stop() }
            let isKnown = try await eventually { try Self.finding(next, api)?["introducedBy"].text?.hasPrefix("\(Self.account) (") == true }
            #expect(isKnown, "\(next.output.suffix(3_000))")
        }
    }
}
