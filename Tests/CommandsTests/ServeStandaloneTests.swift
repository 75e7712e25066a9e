import ClusterSupport
import Foundation
import Ledger
import Testing

/// `demarc serve --standalone`, asked as an API server asks.
struct ServeStandaloneTests {
    private static let pod = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"probe","namespace":"shop"},"spec":{"serviceAccountName":"probe","containers":[\
        {"name":"app","image":"r/p@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0","securityContext":{"privileged":PRIVILEGED}}]}}
        """

    static func review(privileged: Bool) -> String {
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE","namespace":"shop","name":"probe",\
        "kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},\
        "userInfo":{"username":"ann"},"object":\(pod.replacing("PRIVILEGED", with: "\(privileged)"))}}
        """
    }

    private func ask(
        _ port: Int, _ path: String, _ arguments: [String] = [], body: String? = nil, in folder: URL
    ) throws -> (status: String, body: String) {
        var all =
            ["--silent", "--show-error", "--cacert", folder.appending(path: "demarc-data/ca.crt").path, "--write-out", "\n%{http_code}"] + arguments
        if body != nil { all += ["--header", "Content-Type: application/json", "--data-binary", "@-"] }
        let asked = try BoundedProcess.run("curl", all + ["https://localhost:\(port)\(path)"], input: body ?? "", seconds: 60)
        #expect(asked.code == 0, "\(asked.complaint)")
        let lines = asked.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
    }

    @Test func itNeedsNothingButItself() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "grants"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "0123456789abcdef0123456789abcdef\n".write(to: folder.appending(path: "token"), atomically: true, encoding: .utf8)
        let server = try await Serving(
            ["--standalone", "--grants", "grants", "--token-file", "token", "--drain-delay", "0", "--audit-log", "audit"], in: folder)
        defer { server.stop() }

        #expect(try ask(server.port, "/readyz", in: folder).status == "200")
        let denied = try ask(server.port, "/validate", body: Self.review(privileged: true), in: folder)
        #expect(denied.status == "200" && denied.body.contains(#""allowed":false"#) && denied.body.contains("kind: PrivilegeGrant"))
        #expect(try ask(server.port, "/validate", body: Self.review(privileged: false), in: folder).body.contains(#""allowed":true"#))
        #expect(try ask(server.port, "/mutate", body: Self.review(privileged: false), in: folder).body.contains("JSONPatch"))
        #expect(try ask(server.port, "/validate", body: "{}", in: folder).status == "400")

        #expect(try ask(server.port, "/metrics", in: folder).status == "401")
        let metrics = try ask(server.port, "/metrics", ["--header", "Authorization: Bearer 0123456789abcdef0123456789abcdef"], in: folder)
        #expect(metrics.body.contains(#"decision="deny""#) && !metrics.body.contains("probe"))
        #expect(!server.output.contains("0123456789abcdef"), "a token is in the log")

        // Audit events of an API server are kept, for those who may send them.
        let event =
            #"{"auditID":"1","verb":"create","user":{"username":"ann"},"objectRef":{"resource":"secrets"},"requestObject":{"data":{"a":"c2VjcmV0"}}}"#
        let events = #"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[\#(event)]}"#
        #expect(try ask(server.port, "/demarc/v1/audit", body: events, in: folder).status == "401")
        let taken = try ask(
            server.port, "/demarc/v1/audit", ["--header", "Authorization: Bearer 0123456789abcdef0123456789abcdef"], body: events, in: folder)
        #expect(taken.status == "200" && taken.body == #"{"stored":1,"refused":0}"#)
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "audit").path)
        let text = try kept.map { try String(contentsOf: folder.appending(path: "audit/\($0)"), encoding: .utf8) }.joined()
        #expect(text.contains(#""username":"ann""#) && !text.contains("c2VjcmV0"))

        // The draft of the denial, filled in and decided about, counts without a restart.
        let grant = try Program.run(["grant", "draft", "-", "--now", "2026-11-01T00:00:00Z"], input: Self.pod.replacing("PRIVILEGED", with: "true"))
            .output
        #expect(grant.contains("privileged-containers"))
        try granted(grant).write(to: folder.appending(path: "grants/probe.yaml"), atomically: true, encoding: .utf8)
        let isIn = try await eventually {
            try ask(server.port, "/validate", body: Self.review(privileged: true), in: folder).body.contains(#""grants":"shop/pod-probe""#)
        }
        #expect(isIn, "\(server.output)")
        #expect(server.stop() == 0)

        // All of it is in its ledger, and once, however often it starts.
        let ledger = folder.appending(path: "demarc-data/ledger.db").path
        let kinds = try ServeLedgerTests.entries(ledger).map(\.kind)
        #expect(kinds.prefix(2) == ["ledger.opened", "model.changed"])
        #expect(kinds.count { $0.hasPrefix("grant.") } == 4 && kinds.count { $0 == "admission.granted" } == 1 && kinds.contains("admission.denied"))
        let mode = try FileManager.default.attributesOfItem(atPath: ledger + ".key")[.posixPermissions] as? Int
        #expect(mode == 0o600 && !server.output.contains("PRIVATE+KEY"))
        let again = try await Serving(["--standalone", "--grants", "grants", "--drain-delay", "0"], in: folder)
        #expect(again.stop() == 0)
        #expect(try ServeLedgerTests.entries(ledger).map(\.kind) == kinds)
        #expect(try ServeLedgerTests.isVerified(ledger, in: folder))
    }

    /// The draft as people would fill it in and decide about it.
    private func granted(_ draft: String) throws -> String {
        let times = Date()
        let format = Date.ISO8601FormatStyle()
        func at(_ days: Double) -> String { times.addingTimeInterval(days * 86_400).formatted(format) }
        let filled = draft.replacing(#/"?<fill in:[^\n]*/#, with: "because").replacing(#/notBefore: .*/#, with: "notBefore: \(at(-3))")
            .replacing(#/expires: .*/#, with: "expires: \(at(20))")
        let hash = try SpecHash.of(filled)
        func decision(_ action: String, _ who: String, _ days: Double) -> String {
            "  - {action: \(action), by: {username: \(who)@example.com, groups: [because]}, at: \(at(days)), specHash: \(hash)}"
        }
        let conditions = ["Applied", "Approved", "Accepted"].map { "  - {type: \($0), status: \"True\"}" }
        let decisions = [decision("apply", "ann", -5), decision("approve", "ben", -4), decision("approve", "cyd", -4), decision("accept", "ann", -4)]
        return filled + (["status:", "  conditions:"] + conditions + ["  decisions:"] + decisions).joined(separator: "\n") + "\n"
    }

    @Test(arguments: [
        (["--listen", "nowhere"], "--listen 'nowhere' is no address with a port"), (["--log-level", "loud"], "--log-level cannot be 'loud'"),
        (["--skip-control", "nothing"], "there is no control 'nothing'"), (["--client-ca", "missing.crt"], "--client-ca missing.crt"),
        (["--listen", "192.0.2.1:8443"], "cannot listen on 192.0.2.1:8443: Cannot assign requested address; give another address with --listen"),
        (["--host", "a b"], "--host"), (["--token-file", "missing"], "the token file missing cannot be read"),
    ])
    func wrongFlagsAreNamed(flags: [String], message: String) throws {
        try Program.withFiles([:]) { folder in
            let result = try Program.run(["serve", "--standalone"] + flags, in: folder)
            #expect(result.code == 2 && result.errors.contains(message), "\(result.errors)")
        }
    }

    @Test func flagsOfAServerAloneAreRefusedElsewhere() throws {
        let result = try Program.run(["serve", "--data", "x"])
        #expect(result.code == 2 && result.errors.contains("--data is for a server alone"))
    }
}
