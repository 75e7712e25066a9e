import Foundation
import Testing

/// `demarc blame` as a person runs it.
struct BlameCommandTests {
    private static func event(_ id: Int, _ verb: String, _ user: String, _ replicas: Int, code: Int = 200, kind: String = "Event") -> String {
        """
        {"kind":"\(kind)","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"id-\(id)","stage":"ResponseComplete","requestURI":"/x",\
        "verb":"\(verb)","user":{"username":"\(user)","groups":["system:authenticated"]},"sourceIPs":["10.0.0.9"],"userAgent":"kubectl/v1.36.0 (linux)",\
        "objectRef":{"resource":"deployments","namespace":"shop","name":"web","apiGroup":"apps"},"responseStatus":{"code":\(code)},\
        "requestObject":{"metadata":{"name":"web"},"spec":{"replicas":\(replicas)}},"responseObject":{"kind":"Deployment","apiVersion":"apps/v1",\
        "metadata":{"name":"web","namespace":"shop","uid":"u1","resourceVersion":"\(10 + id)","generation":\(id)},"spec":{"replicas":\(replicas)}},\
        "requestReceivedTimestamp":"2026-11-24T05:00:0\(id).000000Z","stageTimestamp":"2026-11-24T05:00:0\(id).500000Z"}
        """
    }

    private static let log = [event(1, "create", "alice", 1, code: 201), event(2, "patch", "bob", 3)].joined(separator: "\n") + "\n"

    private static func run(_ arguments: [String], files: [String: String] = ["audit.log": log], input: String = "") throws -> Program.Result {
        try Program.withFiles(files) { try Program.run(["blame"] + arguments, input: input, in: $0) }
    }

    private static let question = ["deployment/web", "-n", "shop", "--audit", "audit.log"]

    @Test func theTableHasTimeLineAndAnswer() throws {
        let result = try Self.run(Self.question + ["--field", "spec.replicas"])
        #expect(
            result.output == """
                Who introduced spec.replicas of Deployment shop/web

                2026-11-24T05:00:01.000000Z proven Deployment shop/web created by alice
                    from 10.0.0.9 through kubectl v1.36.0 request id-1
                    audit event audit.log:1
                2026-11-24T05:00:02.000000Z proven Deployment shop/web patched by bob
                    spec.replicas: 1 → 3
                    from 10.0.0.9 through kubectl v1.36.0 request id-2
                    audit event audit.log:2

                Trail
                  proven: spec.replicas of Deployment shop/web = 3: patched by bob at 2026-11-24T05:00:02.000000Z
                    (audit event audit.log:2)

                Answer
                  Value: 3
                  Introduced by: bob (proven)
                  When: 2026-11-24T05:00:02.000000Z
                  From: 10.0.0.9
                  Through: kubectl v1.36.0, as it calls itself
                  Request: id-2
                  Evidence: audit event audit.log:2
                  Answers: customer (proven): bob is group:system:authenticated of the model acs
                  Grant: none names it
                  Trail ends: at bob, whom the API server authenticated

                log: 2 lines from 2026-11-24T05:00:01.000000Z to 2026-11-24T05:00:02.000000Z, 2 events about this

                """)
        #expect(result.code == 0 && result.errors.isEmpty)
    }

    @Test func jsonHasTheSchemaOfTheManual() throws {
        let result = try Self.run(Self.question + ["--format", "json"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(
            Set(document.keys) == [
                "schemaVersion", "tool", "model", "subject", "uid", "field", "log", "timeline", "ledger", "answers", "responsible", "grants", "trail",
                "openQuestions", "gaps",
            ])
        #expect(document["schemaVersion"] as? String == "1" && document["uid"] as? String == "u1")
        #expect((document["responsible"] as? [String: Any])?["principal"] as? String == "alice")
        let manual = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(
                path: "docs/blame.md"),
            encoding: .utf8)
        for key in document.keys { #expect(manual.contains("\"\(key)\""), "docs/blame.md lacks \(key)") }
    }

    @Test(arguments: ["markdown", "html"])
    func textOfStrangersStaysText(format: String) throws {
        let hostile = Self.event(2, "patch", "<script>x</script>|`@all`\\u001b[31m", 3)
        let result = try Self.run(
            Self.question + ["--format", format], files: ["audit.log": Self.event(1, "create", "a", 1, code: 201) + "\n" + hostile + "\n"])
        #expect(result.code == 0 && !result.output.contains("<script>") && !result.output.utf8.contains(0x1B))
        #expect(result.output.contains("&lt;script&gt;"))
        if format == "html" { #expect(result.output.contains("Content-Security-Policy") && !result.output.contains("<script")) }
    }

    // MARK: - Logs

    @Test func aDirectoryHasRotatedLogs() throws {
        let lines = Self.log.split(separator: "\n").map { String($0) + "\n" }
        let files = ["logs/audit-1.log": lines[0], "logs/audit.log": lines[1], "logs/audit-0.log.gz": "x"]
        let result = try Self.run(["deploy/web", "-n", "shop", "--audit", "logs", "--field", "spec.replicas"], files: files)
        #expect(
            result.code == 3 && result.output.contains("Introduced by: bob (proven)")
                && result.output.contains("Evidence: audit event logs/audit.log:1"))
        #expect(result.output.contains("logs/audit-0.log.gz: is compressed"))
    }

    @Test func theLogMayComeByStandardInput() throws {
        let result = try Self.run(["deployment.apps/web", "-n", "shop", "--audit", "-"], files: [:], input: Self.log)
        #expect(result.code == 0 && result.output.contains("Introduced by: alice (proven)"))
    }

    @Test func brokenLinesAreOpenQuestions() throws {
        let log = Self.log + "{\"kind\":\"Event\"\n" + Self.event(3, "patch", "eve", 9).dropLast(30)
        let result = try Self.run(Self.question, files: ["audit.log": log])
        #expect(result.code == 3 && result.output.contains("audit.log:3: the line is no JSON of an event"))
        #expect(result.output.contains("audit.log:4: ") && result.output.contains("not counted: 2 unreadable"))
    }

    @Test func linesWithoutEndArePassedOver() throws {
        let result = try Self.run(Self.question, files: ["audit.log": String(repeating: "x", count: 20 << 20) + "\n" + Self.log])
        #expect(result.code == 3 && result.output.contains("audit.log:1: the line is longer than 16 MiB"))
        #expect(result.output.contains("Introduced by: alice (proven)") && result.output.contains("Evidence: audit event audit.log:2"))
    }

    // MARK: - Again

    /// The next run reads what is new, also when the log was rotated, and comes to what a run over everything comes to.
    @Test func aRunGoesOnWhereTheLastOneEnded() throws {
        let more = Self.event(3, "patch", "carol", 5) + "\n"
        try Program.withFiles(["audit.log": Self.log + more.prefix(40)]) { folder in
            let arguments = ["blame"] + Self.question + ["--field", "spec.replicas", "--format", "json", "--state", "state"]
            let first = try Program.run(arguments, in: folder)
            #expect(first.code == 3, "the last line is being written")
            let (old, new) = (folder.appending(path: "audit.log"), folder.appending(path: "audit-1.log"))
            try (Self.log + more).write(to: old, atomically: false, encoding: .utf8)
            try FileManager.default.moveItem(at: old, to: new)
            try (Self.event(4, "patch", "dora", 7) + "\n").write(to: old, atomically: false, encoding: .utf8)
            let again = try Program.run(arguments + ["--audit", "audit-1.log"], in: folder)
            let whole = try Program.run(arguments.dropLast(2) + ["--audit", "audit-1.log"], in: folder)
            func answer(_ result: Program.Result) throws -> (String?, Int?, Int?) {
                let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.errors)")
                let last = (document["answers"] as? [[String: Any]])?.last
                return (last?["user"] as? String, (document["timeline"] as? [Any])?.count, (document["log"] as? [String: Any])?["needed"] as? Int)
            }
            #expect(try answer(again) == ("dora", 4, 4))
            #expect(try answer(whole) == ("dora", 4, 4))
            let state = try String(contentsOf: folder.appending(path: "state"), encoding: .utf8)
            #expect(state.hasPrefix("demarc blame state 1\n") && state.split(separator: "\n").count { $0.hasPrefix("log\t") } == 2)
            let mode = try FileManager.default.attributesOfItem(atPath: folder.appending(path: "state").path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    /// A log that is gone stays known, with the owners that the first run had to find.
    @Test func whatWasReadIsKept() throws {
        func named(_ line: String, _ resource: String, _ kind: String, _ name: String, _ id: String) -> String {
            line.replacing("deployments", with: resource).replacing("Deployment", with: kind).replacing("\"web\"", with: "\"\(name)\"")
                .replacing("\"u1\"", with: "\"\(id)\"").replacing("id-", with: "\(id)-")
        }
        let owner = #","ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"web","uid":"u1","controller":true}]}"#
        let controller = "system:serviceaccount:kube-system:deployment-controller"
        let set = named(Self.event(3, "create", controller, 3, code: 201), "replicasets", "ReplicaSet", "other", "r1")
            .replacing(#""generation":3}"#, with: #""generation":3"# + owner)
        try Program.withFiles(["old.log": Self.log + set + "\n", "new.log": Self.event(5, "patch", "eve", 9) + "\n"]) { folder in
            let question = ["blame", "replicaset/other", "-n", "shop", "--state", "state", "--audit"]
            let first = try Program.run(question + ["old.log"], in: folder)
            #expect(first.code == 0 && first.output.contains("Introduced by: alice (proven)"), "\(first.output)\(first.errors)")
            try FileManager.default.removeItem(at: folder.appending(path: "old.log"))
            let again = try Program.run(question + ["new.log"], in: folder)
            #expect(again.code == 0 && again.output.contains("Introduced by: alice (proven)"), "\(again.output)\(again.errors)")
            #expect(again.output.contains("Evidence: audit event old.log:1"))
        }
    }

    /// Events that an earlier run had no room for are missing in the next one as well.
    @Test func whatFoundNoRoomIsNotForgotten() throws {
        try Program.withFiles(["audit.log": Self.log]) { folder in
            let arguments = ["blame"] + Self.question + ["--state", "state"]
            #expect(try Program.run(arguments, in: folder).code == 0)
            let file = folder.appending(path: "state")
            let state = try String(contentsOf: file, encoding: .utf8)
            #expect(state.contains("counts\t2\t2\t0\t0\t0\t0\n"))
            try state.replacing("counts\t2\t2\t0\t0\t0\t0\n", with: "counts\t2\t2\t0\t0\t0\t3\n").write(to: file, atomically: false, encoding: .utf8)
            for _ in 0..<2 {
                let again = try Program.run(arguments, in: folder)
                #expect(again.code == 3 && again.output.contains("3 events were left out"))
            }
        }
    }

    /// Who chooses the id of another request hides nothing by it.
    @Test func anIdThatIsUsedTwiceIsAnOpenQuestion() throws {
        let log = Self.log + Self.event(3, "patch", "mallory", 9).replacing("id-3", with: "id-2") + "\n"
        let result = try Self.run(Self.question + ["--field", "spec.replicas"], files: ["audit.log": log])
        #expect(result.code == 3 && result.output.contains("Introduced by: mallory (proven)"))
        #expect(result.output.contains("audit.log:3: has the id and stage of the event at audit.log:2"))
    }

    /// A state that was cut off, or is of another question, is put aside.
    @Test func aBrokenStateIsNotBelieved() throws {
        try Program.withFiles(["audit.log": Self.log]) { folder in
            let arguments = ["blame"] + Self.question + ["--field", "spec.replicas", "--state", "state"]
            let first = try Program.run(arguments, in: folder)
            let file = folder.appending(path: "state")
            let state = try String(contentsOf: file, encoding: .utf8)
            for length in stride(from: 0, to: state.utf8.count, by: 97) {
                try Data(state.utf8.prefix(length)).write(to: file)
                #expect(try Program.run(arguments, in: folder).output == first.output, "cut at \(length)")
            }
            let other = try Program.run(["blame", "pod/other", "-n", "shop", "--audit", "audit.log", "--state", "state"], in: folder)
            #expect(other.code == 3 && other.errors.contains("nothing is known of Pod shop/other"))
            #expect(try Program.run(arguments, in: folder).output == first.output)
        }
    }

    // MARK: - Other questions

    private static let estate = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, uid: u1}
        spec: {replicas: 3, template: {spec: {containers: [{name: app, image: "web:1", securityContext: {privileged: true}}]}}}
        """

    @Test func aFindingIsFoundAgain() throws {
        try Program.withFiles(["audit.log": Self.log, "estate.yaml": Self.estate]) { folder in
            let scan = try Program.run(["scan", "estate.yaml", "--format", "json", "--control", "privileged-containers"], in: folder)
            let report = try #require(try JSONSerialization.jsonObject(with: Data(scan.output.utf8)) as? [String: Any])
            let fingerprint = try #require((report["findings"] as? [[String: Any]])?.first?["fingerprint"] as? String)
            let result = try Program.run(["blame", "--finding", fingerprint, "--audit", "audit.log", "estate.yaml"], in: folder)
            #expect(result.output.hasPrefix("Who introduced spec.template.spec.containers[app].securityContext.privileged of Deployment shop/web\n"))
            let unknown = try Program.run(["blame", "--finding", "00", "estate.yaml"], in: folder)
            #expect(unknown.code == 3 && unknown.errors.contains("the estate has no finding with the fingerprint '00'"))
        }
    }

    /// The same engine attributes in a scan; the log may be named by the environment.
    @Test func aScanIsProvenByALog() throws {
        let template =
            #""spec":{"replicas":3,"template":{"spec":{"containers":[{"name":"app","image":"web:1","securityContext":{"privileged":true}}]}}}"#
        let log = Self.event(1, "create", "alice", 3, code: 201).replacing("\"spec\":{\"replicas\":3}", with: template) + "\n"
        try Program.withFiles(["audit.log": log, "broken.log": "x\n", "estate.yaml": Self.estate]) { folder in
            func scan(_ arguments: [String], _ environment: [String: String] = [:]) throws -> (code: Int32, attribution: [String: Any]) {
                let words = ["scan", "estate.yaml", "--format", "json", "--control", "privileged-containers"] + arguments
                let result = try Program.run(words, in: folder, environment: environment)
                let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.errors)")
                return (result.code, try #require((report["findings"] as? [[String: Any]])?.first?["attribution"] as? [String: Any]))
            }
            for (arguments, environment) in [(["--audit", "audit.log"], [:]), ([], ["DEMARC_AUDIT": "audit.log"])] {
                let (code, attribution) = try scan(arguments, environment)
                #expect(code == 1 && attribution["strength"] as? String == "proven" && attribution["principal"] as? String == "alice")
            }
            let without = try scan([])
            #expect(without.attribution["strength"] as? String == "presumed")
            let broken = try Program.run(["scan", "estate.yaml", "--audit", "broken.log", "--fail-on", "none"], in: folder)
            #expect(broken.code == 3, "a log that cannot be read is a gap")
        }
        #expect(try Program.run(["scan", "-", "--audit", "-"]).code == 2)
    }

    @Test func anIncidentHasAllParts() throws {
        let alert =
            "{\"rule\":\"Shell\",\"output\":\"a <b>shell</b>\",\"priority\":\"Notice\",\"time\":\"2026-11-24T05:00:09Z\",\"output_fields\":{\"ka.target.resource\":\"deployments\",\"ka.target.name\":\"web\",\"ka.target.namespace\":\"shop\"}}"
        let files = ["audit.log": Self.log, "estate.yaml": Self.estate, "alert.json": alert]
        let arguments = ["--incident", "alert.json", "--audit", "audit.log", "estate.yaml"]
        let markdown = try Self.run(arguments, files: files)
        for part in [
            "# Incident: Shell in Deployment shop/web", "## Alert", "## Answer", "## Time line", "## Trail", "## Open questions", "## Blast radius",
            "### Rights of service account shop/default", "- container app is privileged", "a &lt;b&gt;shell&lt;/b&gt;", "set off Falco: Shell",
        ] { #expect(markdown.output.contains(part), "\(part)") }
        let html = try Self.run(arguments + ["--format", "html"], files: files)
        #expect(html.output.contains("<h2>Blast radius</h2>") && !html.output.contains("<b>shell"))
        let json = try Self.run(arguments + ["--format", "json"], files: files)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect((document["alerts"] as? [Any])?.count == 1 && document["blastRadius"] != nil)
    }

    private static func alert(_ rule: String, _ fields: String) -> String {
        "{\"rule\":\"\(rule)\",\"output\":\"x\",\"time\":\"2026-11-24T05:00:09Z\",\"output_fields\":{\(fields)}}\n"
    }

    /// One file holds the alerts of a node: those of other containers and of the machine are not the Pod's.
    @Test(arguments: [false, true]) func eachAlertIsPlacedByItself(inAList: Bool) throws {
        let id = "\"container.id\":"
        let pod = "\"k8s.pod.name\":\"web-1\",\"k8s.ns.name\":\"shop\""
        let alerts = [
            Self.alert("Miner", id + "\"host\""), Self.alert("Shell", pod + ",\(id)\"aaaaaaaaaaaa\""),
            Self.alert("Other container", id + "\"ffffffffffff\""),
            Self.alert("Same container", id + "\"aaaaaaaaaaaa\""), Self.alert("Init container", id + "\"cccccccccccc\""),
            Self.alert("Other Pod", "\"k8s.pod.name\":\"web-2\",\"k8s.ns.name\":\"shop\""), Self.alert("Short", id + "\"aaaa\""),
        ]
        let estate = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web-1, namespace: shop}
            spec: {containers: [{name: app, image: "web:1"}]}
            status: {initContainerStatuses: [{name: i, containerID: "containerd://cccccccccccc0123456789"}]}
            """
        let file = inAList ? "[\(alerts.joined(separator: ","))]" : alerts.joined()
        let result = try Self.run(
            ["--incident", "alerts.json", "--format", "json", "estate.yaml"], files: ["alerts.json": file, "estate.yaml": estate])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.errors)")
        let rules = (document["alerts"] as? [[String: Any]])?.compactMap { $0["rule"] as? String }
        #expect(rules == ["Shell", "Same container", "Init container"] && (document["subject"] as? [String: Any])?["name"] as? String == "web-1")
        let gaps = (document["gaps"] as? [[String: Any]])?.compactMap { $0["message"] as? String }
        #expect(
            gaps?.prefix(2) == [
                "1 alert is about something else and left out",
                "3 alerts are about no Pod that is known (the machine itself, or a container that neither an alert nor the estate names) and left out",
            ])
        #expect(result.code == 3 && !result.output.contains("Miner"))
        let host = try Self.run(["--incident", "alerts.json", "estate.yaml"], files: ["alerts.json": alerts[0] + alerts[2], "estate.yaml": estate])
        #expect(host.code == 3 && host.errors.contains("no alert names a Pod (k8s.pod.name), and the estate has no container with its id"))
    }

    @Test(arguments: [
        ([], "who introduced what? Name an object"), (["web"], "give an audit log with --audit"),
        (["web", "--audit", "audit.log"], "'web' is no object"),
        (["x/y", "--audit", "audit.log"], "neither Kubernetes nor the estate has a kind 'x'"),
        (["pod/a", "--audit", "audit.log", "--field", "a..b"], "--field: 'a..b' has a dot too many"),
        (["pod/a", "--audit", "audit.log", "--format", "pdf"], "unknown format 'pdf'"),
        (["--ip", "10.0.0.1", "--audit", "audit.log"], "say when with --at"),
        (["--ip", "nowhere", "--at", "2026-11-24T05:00:00Z", "--audit", "audit.log"], "is no address"),
        (["--ip", "10.0.0.1", "--at", "noon", "--audit", "audit.log"], "is no RFC 3339 time in UTC"),
        (["--ip", "10.0.0.1", "--finding", "x", "--audit", "audit.log"], "ask one at a time"),
        (["pod/a", "-", "--audit", "-"], "standard input cannot be the log"),
    ])
    func wrongQuestionsAreExplained(arguments: [String], says: String) throws {
        let result = try Self.run(arguments)
        #expect(result.code == 2 && result.errors.contains(says) && result.output.isEmpty, "\(result.errors)")
    }

    @Test(arguments: [
        (["pod/a", "--audit", "nowhere"], "nowhere: there is no such file or directory"),
        (["pod/a", "--audit", "audit.log"], "nothing is known of Pod default/a"),
        (["--ip", "10.0.0.1", "--at", "2026-11-24T05:00:00Z", "--audit", "audit.log"], "no record shows a Pod with 10.0.0.1"),
        (["--incident", "audit.log", "--audit", "nowhere"], ""), (["--incident", "nowhere.json"], "nowhere.json: "),
    ])
    func whatIsMissingIsSaid(arguments: [String], says: String) throws {
        let result = try Self.run(arguments)
        #expect(result.code == 3 && (says.isEmpty || (result.errors + result.output).contains(says)), "\(result.errors)")
    }
}
