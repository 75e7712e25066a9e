import ClusterSupport
import Foundation
import Testing

/// `demarc scan --cluster` against a real API server.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct ClusterScanTests {
    private static let flags = ["--disable-admission-plugins=ServiceAccount"]

    private struct Report: Decodable {
        struct Finding: Decodable {
            struct Subject: Decodable, Hashable {
                let kind, namespace, name, container: String?
            }
            struct Location: Decodable {
                let file: String
                let fieldPath: String?
            }
            struct Attribution: Decodable { let chain: [String] }
            let control: String
            let subject: Subject
            let location: Location
            let attribution: Attribution
        }
        struct Coverage: Decodable {
            struct Gap: Decodable { let source, reason, message: String }
            let objects: Int
            let gaps: [Gap]
        }
        let kubernetesVersion: String
        let coverage: Coverage
        let findings: [Finding]
    }

    private static func scan(_ arguments: [String], input: String = "", in folder: URL? = nil) throws -> (report: Report, result: Program.Result) {
        let result = try Program.run(["scan", "--format", "json", "--fail-on", "none"] + arguments, input: input, in: folder)
        return (try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)), result)
    }

    /// A kubeconfig for a token, beside a server's own.
    private static func kubeconfig(_ server: APIServer, user: String, authority: String? = nil, url: String? = nil) -> String {
        """
        clusters: [{name: c, cluster: {server: "\(url ?? server.url)", certificate-authority: "\(authority ?? server.certificateAuthority.path)"}}]
        users: [{name: u, user: {\(user)}}]
        contexts: [{name: shop, context: {cluster: c, user: u}}]
        current-context: shop
        """
    }

    /// Objects of many kinds, good and bad, as JSON values.
    private static var estate: String {
        var objects: [String] = []
        for namespace in ["shop", "bank", "lab"] {
            objects.append(#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#(namespace)"}}"#)
            for index in 0..<100 {
                let metadata = #""metadata":{"name":"o\#(index)","namespace":"\#(namespace)","labels":{"app":"a\#(index)"}}"#
                let container = #"{"name":"app","image":"registry.example/app:\#(index)","securityContext":{"privileged":\#(index % 7 == 0)}}"#
                objects.append(
                    #"{"apiVersion":"v1","kind":"Pod",\#(metadata),"spec":{"hostNetwork":\#(index % 5 == 0),"containers":[\#(container)]}}"#)
                objects.append(
                    #"{"apiVersion":"apps/v1","kind":"Deployment",\#(metadata),"spec":{"selector":{"matchLabels":{"app":"a"}},"template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[\#(container)]}}}}"#
                )
                // A server hands out no more than 254 addresses by default.
                if index < 60 {
                    objects.append(
                        #"{"apiVersion":"v1","kind":"Service",\#(metadata),"spec":{"type":"\#(index % 9 == 0 ? "NodePort" : "ClusterIP")","selector":{"app":"a\#(index)"},"ports":[{"port":80}]}}"#
                    )
                } else {
                    objects.append(#"{"apiVersion":"v1","kind":"ConfigMap",\#(metadata),"data":{"PASSWORD":"value-\#(index)"}}"#)
                }
                objects.append(
                    #"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role",\#(metadata),"rules":[{"apiGroups":[""],"resources":["\#(index % 4 == 0 ? "*" : "pods")"],"verbs":["get"]}]}"#
                )
            }
        }
        return objects.joined(separator: "\n")
    }

    @Test func aClusterIsJudgedAsItsManifestsAre() async throws {
        let kubectl = try #require(ClusterTools.kubectl)
        try await APIServer.running(flags: Self.flags) { server in
            let created = try server.create(Self.estate)
            #expect(created.count { $0.status == 201 } == 1_203)
            let (report, result) = try Self.scan(["--cluster", "--kubeconfig", server.kubeconfig.path, "--chunk-size", "40"])
            #expect(report.coverage.gaps.map(\.message) == [])
            #expect(result.code == 0)
            // What a person would do without: everything in one file.
            let config = ["--kubeconfig", server.kubeconfig.path]
            let kinds = try BoundedProcess.run(kubectl, config + ["api-resources", "--verbs=list", "-o", "name"], seconds: 60)
            let names = kinds.output.split(separator: "\n").filter {
                !$0.hasPrefix("events") && !$0.hasPrefix("leases") && $0 != "ingresses.extensions"
            }.joined(separator: ",")
            let dumped = try BoundedProcess.run(kubectl, config + ["get", names, "-A", "-o", "yaml"], seconds: 120)
            #expect(dumped.code == 0, "\(dumped.complaint)")
            let (expected, _) = try Self.scan(["--kubernetes-version", report.kubernetesVersion, "-"], input: dumped.output)
            func pairs(_ report: Report) -> [String] { report.findings.map { "\($0.control) \($0.subject)" }.sorted() }
            #expect(pairs(report) == pairs(expected))
            #expect(report.findings.count > 1_000)
            let privileged = try #require(report.findings.first { $0.control == "privileged-containers" && $0.subject.kind == "Pod" })
            #expect(privileged.location.file == "cluster/test: Pod bank/o0")
            #expect(privileged.location.fieldPath == "spec.containers[0].securityContext.privileged")
        }
    }

    /// What the API server itself creates is nobody's to mend, whatever its version cut otherwise.
    @Test func aFreshClusterHasNoFindingsOfItsOwnRoles() async throws {
        try await APIServer.running(flags: Self.flags) { server in
            let (report, result) = try Self.scan(["--cluster", "--kubeconfig", server.kubeconfig.path])
            #expect(result.code == 0)
            let kinds: Set<String> = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]
            let own = report.findings.filter { kinds.contains($0.subject.kind ?? "") }
            #expect(own.map { "\($0.control): \($0.subject.kind ?? "") \($0.subject.name ?? "") \($0.location.fieldPath ?? "")" } == [])
            #expect(report.coverage.objects > 80, "there are roles to be judged")
        }
    }

    @Test func whatMayNotBeReadIsAGapWithItsPermission() async throws {
        try await APIServer.running(users: ["alice": ["dev"]], flags: Self.flags) { server in
            _ = try server.create(
                """
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop"},"spec":{"hostPID":true,"containers":[{"name":"a","image":"a"}]}}
                {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"see","namespace":"shop"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}]}
                {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"see","namespace":"shop"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"see"},"subjects":[{"kind":"User","name":"alice","apiGroup":"rbac.authorization.k8s.io"}]}
                """)
            let token = try #require(server.tokens["alice"])
            try Program.withFiles(["config": Self.kubeconfig(server, user: "token: \(token)")]) { folder in
                let (all, result) = try Self.scan(["--cluster", "--kubeconfig", "config"], in: folder)
                #expect(result.code == 3)
                #expect(all.findings.isEmpty)
                #expect(
                    all.coverage.gaps.contains { gap in
                        gap.source == "cluster/shop" && gap.reason == "notObservable"
                            && gap.message.hasPrefix(
                                "list secrets in the whole cluster: forbidden; grant the verb 'list' on 'secrets' of 'the core API group'; the server says: secrets is forbidden: User \"alice\""
                            )
                    })
                #expect(all.coverage.gaps.contains { $0.message.hasPrefix("list deployments.apps in the whole cluster: forbidden") })
                #expect(!result.output.contains(token))

                let (one, _) = try Self.scan(["--cluster", "--kubeconfig", "config", "-n", "shop"], in: folder)
                #expect(one.findings.contains { $0.control == "host-namespaces" && $0.subject.name == "web" })
                #expect(!one.coverage.gaps.contains { $0.message.hasPrefix("list pods ") })
                #expect(one.coverage.gaps.contains { $0.message.hasPrefix("list deployments.apps in namespace shop: forbidden") })

                // As somebody else, which an administrator may.
                let other = ["--cluster", "--kubeconfig", server.kubeconfig.path, "--as", "alice", "--as-group", "dev", "-n", "shop"]
                let (impersonated, _) = try Self.scan(other, in: folder)
                #expect(impersonated.coverage.gaps.map { $0.message.prefix(60) } == one.coverage.gaps.map { $0.message.prefix(60) })
            }
        }
    }

    /// The role in `deploy/scan` is enough: only Secrets are missing, and nothing with the role for those.
    @Test func theRoleForAScanIsEnough() async throws {
        try await APIServer.running(flags: Self.flags) { server in
            let folder = Self.root.appending(path: "deploy/scan")
            let account = ["--as", "system:serviceaccount:demarc-scan:demarc-scan", "--as-group", "system:serviceaccounts"]
            let arguments = ["--cluster", "--kubeconfig", server.kubeconfig.path] + account
            for (files, gaps) in [
                (["namespace", "service-account", "cluster-role", "cluster-role-binding"], 1), (["../scan-with-secrets/secrets"], 0),
            ] {
                for file in files {
                    let text = try String(contentsOf: folder.appending(path: file + ".yaml"), encoding: .utf8)
                    #expect(try server.create(text).allSatisfy { $0.status == 201 })
                }
                let (report, _) = try Self.scan(arguments)
                #expect(
                    report.coverage.gaps.map { String($0.message.prefix { $0 != ":" }) }
                        == Array(repeating: "list secrets in the whole cluster", count: gaps))
            }
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What Secrets hold never arrives: neither as data nor in the annotation of `kubectl apply`.
    @Test func valuesOfSecretsAreNotInAnyReport() async throws {
        try await APIServer.running(flags: Self.flags) { server in
            _ = try server.create(
                """
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"login","namespace":"default","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\\"data\\":{\\"a\\":\\"aHVudGVyMi12YWx1ZQ==\\"}}"}},"data":{"a":"aHVudGVyMi12YWx1ZQ=="}}
                {"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"name":"old","namespace":"default","annotations":{"kubernetes.io/service-account.name":"default"}},"data":{"token":"aHVudGVyMi12YWx1ZQ=="}}
                """)
            for format in ["json", "html", "sarif"] {
                let result = try Program.run(["scan", "--cluster", "--kubeconfig", server.kubeconfig.path, "--format", format, "--all-verdicts"])
                #expect(!result.output.contains("aHVudGVyMi12YWx1ZQ") && !result.output.contains("hunter2-value"))
                #expect(format != "json" || result.output.contains("Secret default/old"), "the type of a Secret is known all the same")
            }
            let lists = try server.auditEvents().filter {
                $0.contains(#""resource":"secrets""#) && $0.contains(#""verb":"list""#) && $0.contains("demarc/")
            }
            #expect(lists.count == 3)
        }
    }

    @Test func whatCannotBeReachedIsSaidWithItsExitCode() async throws {
        try await APIServer.running(flags: Self.flags) { server in
            let other = try String(contentsOf: server.certificateAuthority, encoding: .utf8)
            try Program.withFiles([
                "wrong-ca": Self.kubeconfig(server, user: "token: \(server.token)", authority: "other.crt"), "other.crt": Self.strangersAuthority,
                "wrong-token": Self.kubeconfig(server, user: "token: hunter2"), "ca.crt": other,
                "wrong-port": Self.kubeconfig(server, user: "token: t", url: "https://127.0.0.1:1"),
                "wrong-file": Self.kubeconfig(server, user: "tokenFile: gone"),
                "wrong-plugin": Self.kubeconfig(
                    server,
                    user:
                        "exec: {command: no-such-plugin, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, installHint: ask around}"
                ),
                "token": server.token, "right-file": Self.kubeconfig(server, user: "tokenFile: token"),
            ]) { folder in
                let cases: [(String, Int32, String)] = [
                    ("wrong-ca", 4, "its certificate is not signed by the certificate authority of the kubeconfig"),
                    ("wrong-token", 4, "ask the version of the cluster: the server does not accept the credential (401)"),
                    ("wrong-port", 4, "connection refused; is the server running?"),
                    ("wrong-file", 4, "the token file \(folder.path)/gone cannot be read: No such file or directory"),
                    ("wrong-plugin", 4, "the exec plugin 'no-such-plugin' gave no credential: there is no such program"),
                    ("gone", 2, "the kubeconfig \(folder.path)/gone cannot be read"),
                ]
                for (file, code, text) in cases {
                    let result = try Program.run(["scan", "--cluster", "--kubeconfig", "\(folder.path)/\(file)"])
                    #expect(result.code == code, "\(file): \(result.errors)")
                    #expect(result.errors.contains(text), "\(file): \(result.errors)")
                    #expect(result.output.isEmpty)
                    #expect(!result.errors.contains("hunter2") && !result.errors.contains(server.token))
                }
                let context = try Program.run(["scan", "--cluster", "--kubeconfig", "\(folder.path)/right-file", "--context", "gone"])
                #expect(context.code == 2)
                #expect(context.errors == "error: the kubeconfig has no context 'gone'; it has shop\n")
                let right = try Program.run(["scan", "--cluster", "--fail-on", "none", "--kubeconfig", "\(folder.path)/right-file"])
                #expect(right.code == 0, "\(right.errors)")
            }
        }
    }

    @Test(arguments: [
        (["--context", "x", "."], "--context is for clusters; add --cluster"), (["-A", "."], "--all-namespaces is for clusters; add --cluster"),
        (["--cluster", "--as-group", "g"], "--as-group needs --as"), (["--cluster", "--chunk-size", "0"], "--chunk-size must be at least 1, not 0"),
    ])
    func flagsThatDoNotFitAreRefused(arguments: [String], text: String) throws {
        let result = try Program.run(["scan"] + arguments)
        #expect(result.code == 2)
        #expect(result.errors.contains(text), "\(result.errors)")
    }

    /// A certificate authority that signed nothing of the server.
    private static let strangersAuthority = """
        -----BEGIN CERTIFICATE-----
        MIIBfTCCASOgAwIBAgIUUa6lxmI7fXIWY2M53QRpXLTXq3UwCgYIKoZIzj0EAwIw
        EzERMA8GA1UEAwwIc3RyYW5nZXIwIBcNMjYxMTI3MTM1NDE2WhgPMjEyNjExMDMx
        MzU0MTZaMBMxETAPBgNVBAMMCHN0cmFuZ2VyMFkwEwYHKoZIzj0CAQYIKoZIzj0D
        AQcDQgAEXSsI+31Wojqv4xyDrF0JBVHPeERBxEaCetbtksQgr+NxmfvY32I6wouy
        X6AfrvtuYu67+/VMc1+tz5gQm01lYqNTMFEwHQYDVR0OBBYEFMWSG0r2OoOZ3iic
        wX4cOyt5v/rfMB8GA1UdIwQYMBaAFMWSG0r2OoOZ3iicwX4cOyt5v/rfMA8GA1Ud
        EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhANJYijOB6lYbiKFjS8U0oA6a
        TDgkVTw5gVW5Soh0EhFiAiBtxuUIZDrGN1ofG/pB3W/MwnRtsb9RYtR1y5qcOHq+
        /Q==
        -----END CERTIFICATE-----

        """
}
