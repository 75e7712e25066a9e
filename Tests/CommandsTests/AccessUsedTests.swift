import Foundation
import Testing

/// `demarc access used` as a person runs it.
struct AccessUsedTests {
    private static let rbac = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: wide, namespace: shop}
        rules:
        - {apiGroups: [""], resources: [pods, configmaps], verbs: [get, list]}
        - {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [bind]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: team, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: wide}
        subjects: [{kind: User, name: jane}, {kind: ServiceAccount, name: bot}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: idle, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
        subjects: [{kind: User, name: zoe}]
        """

    private static func event(
        _ user: String = "jane", _ verb: String = "get", _ resource: String = "pods", name: String = "web", second: Int = 1,
        decision: String = "allow"
    ) -> String {
        """
        {"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":"ResponseComplete","requestURI":"/x","verb":"\(verb)",\
        "user":{"username":"\(user)","groups":["system:authenticated"]},\
        "objectRef":{"resource":"\(resource)","namespace":"shop","name":"\(name)"},\
        "requestReceivedTimestamp":"2026-11-24T05:18:0\(second).000000Z","annotations":{"authorization.k8s.io/decision":"\(decision)"}}
        """
    }

    private static let log =
        [
            event(), event("jane", "get", "configmaps", name: "settings", second: 3), event("jane", "delete", decision: "forbid"),
            event("zoe", "get", "secrets"),
        ].joined(separator: "\n") + "\n"

    private static func run(
        _ arguments: [String], log: String = log, rbac: String = rbac, input: String = "", paths: [String] = ["rbac.yaml"]
    ) throws -> Program.Result {
        try Program.withFiles(["rbac.yaml": rbac, "audit.log": log]) {
            try Program.run(["access", "used", "--audit-log", "audit.log"] + paths + arguments, input: input, in: $0)
        }
    }

    @Test func theTableShowsWhatWasUsed() throws {
        let result = try Self.run([])
        #expect(
            result.output == """
                Granted and used: 2026-11-24T05:18:01.000000Z to 2026-11-24T05:18:03.000000Z
                4 lines read, 3 allowed requests counted

                RoleBinding shop/team of Role shop/wide  rbac.yaml:8
                  used 2 of 5 permissions: Role shop/team-used would do
                    User jane: 2 requests
                    ServiceAccount shop/bot: never appeared
                    used: get on pods, configmaps (rbac.yaml:5)
                    never used: list on pods, configmaps (rbac.yaml:5)
                    not visible in a log: bind on roles (rbac.yaml:6)

                RoleBinding shop/idle of ClusterRole view  rbac.yaml:14
                  used 0 of 186 permissions: remove the binding
                    User zoe: appeared, but not by this binding
                    never used: 13 groups of permissions; --verbose lists them

                Never appeared (1 of 3): ServiceAccount shop/bot
                No binding of the estate allows 1 counted request: the log is of another time or cluster, or
                  something else than RBAC let them through.
                What the audit policy does not record looks unused. --format yaml prints the suggested roles.

                """)
        #expect(result.code == 0 && result.errors.isEmpty)
        let verbose = try Self.run(["--verbose"])
        #expect(verbose.output.contains("never used: get, list, watch on namespaces (the API server's own roles)"))
    }

    @Test func theSuggestionsAreManifests() throws {
        let result = try Self.run(["--format", "yaml"])
        #expect(
            result.output == """
                # Written from 3 allowed requests of an audit log: 2026-11-24T05:18:01.000000Z to 2026-11-24T05:18:03.000000Z.
                # What did not happen in that time, or is not recorded by the audit policy, is not allowed by these roles.
                # A binding cannot be given another role: apply these, then delete the old binding named above each.
                ---
                # Instead of RoleBinding shop/team of Role shop/wide (rbac.yaml:8), of which 2 of 5 permissions were used:
                #   kubectl delete rolebinding 'team' -n shop
                # Kept although no log can show its use: bind on roles
                # Left out, since they did not use it: ServiceAccount shop/bot
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: "team-used"
                  namespace: "shop"
                rules:
                - apiGroups: [""]
                  resources: ["configmaps"]
                  resourceNames: ["settings"]
                  verbs: ["get"]
                - apiGroups: [""]
                  resources: ["pods"]
                  verbs: ["get"]
                - apiGroups: ["rbac.authorization.k8s.io"]
                  resources: ["roles"]
                  verbs: ["bind"]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  name: "team-used"
                  namespace: "shop"
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: Role
                  name: "team-used"
                subjects:
                - kind: User
                  apiGroup: rbac.authorization.k8s.io
                  name: "jane"
                ---
                # Nothing of RoleBinding shop/idle of ClusterRole view (rbac.yaml:14) was used. To remove it:
                #   kubectl delete rolebinding 'idle' -n shop

                """)
    }

    /// What stands in the manifests is what `can-i` then allows.
    @Test func theSuggestionsAnswerLikeTheUse() throws {
        let yaml = try Self.run(["--format", "yaml"]).output
        for (arguments, answer) in [
            ("get configmaps/settings", "yes"), ("get configmaps/other", "no"), ("list pods", "no"), ("get pods/x", "yes"), ("bind roles/x", "yes"),
        ] {
            let words = ["access", "can-i", "--as", "jane", "-n", "shop"] + arguments.split(separator: " ").map(String.init) + ["-"]
            #expect(try Program.run(words, input: yaml).output == answer + "\n", "\(arguments)")
        }
    }

    @Test func jsonHoldsEveryPart() throws {
        let result = try Self.run(["--format", "json"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect((document["window"] as? [String: String]) == ["first": "2026-11-24T05:18:01.000000Z", "last": "2026-11-24T05:18:03.000000Z"])
        #expect(
            (document["log"] as? [String: Int])
                == ["lines": 4, "counted": 3, "refused": 1, "unfinished": 0, "unreadable": 0, "unexplained": 1])
        let subjects = try #require(document["subjects"] as? [[String: Any]])
        #expect(subjects.map { "\($0["name"] ?? "") \($0["requests"] ?? "")" } == ["bot 0", "jane 2", "zoe 1"])
        let bindings = try #require(document["bindings"] as? [[String: Any]])
        let rules = try #require(bindings[0]["rules"] as? [[String: Any]])
        #expect(rules.map { $0["used"] as? Int } == [2, 0])
        #expect(((rules[0]["rule"] as? [String: Any])?["location"] as? [String: Any])?["line"] as? Int == 5)
        #expect((rules[0]["unused"] as? [[String: [String]]]) == [["verbs": ["list"], "targets": ["pods", "configmaps"]]])
        let bound = try #require(bindings[0]["subjects"] as? [[String: Any]])
        #expect(bound.map { (($0["rules"] as? [[String: Any]])?.first?["used"]) as? Int } == [2, nil])
        #expect(bindings.map { ($0["suggestion"] as? [String: Any])?["action"] as? String } == ["narrow", "remove"])
    }

    // MARK: - What cannot be read

    @Test func badLinesAreCountedAndNamed() throws {
        let log = Self.log + "{\"kind\": \"Event\", \"apiVersion\": \"audit.k8s.io/v1\"\n\n[]\nnull\n" + Self.event().dropLast(20)
        let result = try Self.run([], log: log)
        #expect(result.code == 3 && result.output.contains("8 lines read, 3 allowed requests counted"))
        let lines = result.errors.split(separator: "\n").map(String.init)
        #expect(lines.count == 4 && lines[0].hasPrefix("audit.log:5: the line is no JSON of an event"), "\(result.errors)")
        #expect(lines[1].hasPrefix("audit.log:7: ") && lines[2].hasPrefix("audit.log:8: "))
        #expect(lines[3].hasPrefix("audit.log:9: the line is no JSON of an event: the text ends inside"))
    }

    @Test func manyBadLinesAreNotListedEach() throws {
        let result = try Self.run([], log: Self.log + String(repeating: "x\n", count: 50))
        #expect(result.code == 3)
        #expect(result.errors.split(separator: "\n").count == 21 && result.errors.hasSuffix("audit.log: 30 more lines could not be read\n"))
    }

    /// A log without an end of line in 20 MiB is not kept in memory, and what follows is read.
    @Test func linesWithoutEndArePassedOver() throws {
        let result = try Self.run([], log: String(repeating: "x", count: 20 << 20) + "\n" + Self.log)
        #expect(result.code == 3 && result.output.contains("5 lines read, 3 allowed requests counted"))
        #expect(result.errors == "audit.log:1: the line is longer than 16 MiB\n")
    }

    @Test func listsOfEventsAreOpened() throws {
        let list = "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[\(Self.event()),\(Self.event("zoe", "get", "pods")),{}]}"
        let result = try Self.run([], log: list)
        #expect(result.output.contains("1 line read, 2 allowed requests counted") && result.code == 3)
    }

    @Test func theLogMayComeByStandardInput() throws {
        let result = try Program.withFiles(["rbac.yaml": Self.rbac]) {
            try Program.run(["access", "used", "--audit-log", "-", "rbac.yaml"], input: Self.log, in: $0)
        }
        let expected = try Self.run([]).output
        #expect(result.code == 0 && result.output == expected)
    }

    @Test(arguments: [
        (["--audit-log", "nowhere.log"], Int32(3), "nowhere.log: there is no such file"), (["--audit-log", "."], 3, ".: is a directory"),
        (["--audit-log", "/dev/null"], 3, "/dev/null: the log is empty"), (["--format", "pdf"], 2, "unknown format 'pdf'"),
        (["-", "--audit-log", "-"], 2, "standard input cannot be the log and the estate"),
    ])
    func whatIsMissingIsSaid(arguments: [String], code: Int32, says: String) throws {
        let result = try Self.run(arguments)
        #expect(result.code == code && result.errors.contains(says), "\(result.errors)")
        #expect(result.output.isEmpty == (code == 2))
    }

    @Test func aLogIsNeeded() throws {
        let result = try Program.withFiles(["rbac.yaml": Self.rbac]) { try Program.run(["access", "used", "rbac.yaml"], in: $0) }
        #expect(result.code == 2 && result.errors.contains("--audit-log"))
    }

    /// Names are chosen by strangers, and the suggestions are meant to be applied.
    @Test func namesStayTextInManifests() throws {
        let hostile = Self.rbac.replacing("name: jane", with: "name: \"jane\\\"\\nrules: [x]\\u2028# \\e[31m\\u00e9\"")
        let user = "jane\\\"\\nrules: [x]\\u2028# \\u001b[31m\\u00e9"
        let result = try Self.run(["--format", "yaml"], log: Self.event(user) + "\n", rbac: hostile)
        #expect(result.output.contains("  name: \"jane\\\"\\u000arules: [x]\\u2028# \\u001b[31m\\u00e9\"\n"), "\(result.output)")
        #expect(!result.output.utf8.contains(0x1B))
    }
}
