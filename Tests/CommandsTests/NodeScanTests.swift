import Foundation
import Testing

/// `demarc node scan`: every row answered, statements and contradictions shown, what was not seen never passed.
struct NodeScanTests {
    private struct Report: Decodable {
        struct Benchmark: Decodable {
            struct Row: Decodable {
                struct Attestation: Decodable {
                    let attestor: String
                    let status: String
                    let expired: Bool
                }
                let id: String
                let status: String
                let party: String
                let reason: String
                let contradiction: Bool
                let controls: [String]
                let attestation: Attestation?
            }
            let id: String
            let byStatus: [String: Int]
            let byParty: [String: [String: Int]]
            let rows: [Row]
        }
        struct Coverage: Decodable {
            struct Gap: Decodable {
                let message: String
            }
            let gaps: [Gap]
        }
        let benchmark: Benchmark
        let coverage: Coverage
    }

    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "demarc-node-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: directory.appending(path: name))
    }

    private func evidence(version: String? = "1.33.0", _ processes: String, more: String = "") -> String {
        let version = version.map { "kubernetesVersion: \($0)\n" } ?? ""
        return "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\nnodeName: cp-1\n\(version)processes: [\(processes)]\n\(more)"
    }

    private func scan(_ arguments: [String]) throws -> (code: Int32, report: Report, errors: String) {
        let result = try Program.run(["node", "scan", "--format", "json", "--now", "2026-06-15T00:00:00Z"] + arguments, in: directory)
        return (result.code, try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)), result.errors)
    }

    private func row(_ id: String, _ report: Report) throws -> Report.Benchmark.Row { try #require(report.benchmark.rows.first { $0.id == id }) }

    private static let bad = "{name: kube-apiserver, argv: [kube-apiserver, --anonymous-auth=true]}"
    private static let good = "{name: kube-apiserver, argv: [kube-apiserver, --anonymous-auth=false]}"

    private func attestation(_ status: String, party: String = "provider", expires: String = "2026-12-31", id: String = "1.2.1") -> String {
        """
        apiVersion: demarc.dev/v1alpha1
        kind: BenchmarkAttestation
        metadata: {name: a}
        spec:
          benchmark: cis-1.12
          party: \(party)
          attestor: Example Cloud
          expires: \(expires)
          rows: [{id: "\(id)", status: \(status), reason: because}]
        """
    }

    @Test func everyRowIsAnswered() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence(Self.bad), "e.yaml")
        let (code, report, _) = try scan(["e.yaml", "--model", "ack"])
        #expect(code == 1)
        #expect(report.benchmark.id == "cis-1.12")
        #expect(report.benchmark.rows.count == report.benchmark.byStatus.values.reduce(0, +))
        #expect(report.benchmark.rows.count == report.benchmark.byParty.values.flatMap(\.values).reduce(0, +))
        let failed = try row("1.2.1", report)
        #expect(failed.status == "fail" && failed.party == "provider" && failed.reason == "--anonymous-auth is true")
        #expect(failed.controls == ["kube-apiserver-anonymous-auth"] && !failed.contradiction && failed.attestation == nil)
        // Nothing shows etcd, so nothing about it is called not applicable.
        let unseen = try row("2.2", report)
        #expect(unseen.status == "notObservable" && unseen.reason == "no evidence shows etcd")
        #expect(try row("3.2.2", report).status == "manual")
    }

    /// Where nothing is encrypted at all, no provider is strong.
    @Test(arguments: [("", "fail", "fail"), (", --encryption-provider-config=/e.yaml", "pass", "notObservable")])
    func noEncryptionFailsTheRowAboutProviders(flag: String, file: String, providers: String) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence("{name: kube-apiserver, argv: [kube-apiserver\(flag)]}", more: "files: []"), "e.yaml")
        let (_, report, _) = try scan(["e.yaml"])
        #expect(try row("1.2.27", report).status == file)
        #expect(try row("1.2.28", report).status == providers)
    }

    /// Sockets of other programs and of the kernel say nothing of etcd, the scheduler or the kubelet.
    @Test func socketsDecideNoRowAboutAnotherProgram() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let scheduler = "{name: kube-scheduler, argv: [kube-scheduler, --bind-address=127.0.0.1]}"
        let kubelet = "{name: kubelet, argv: [kubelet, --read-only-port=0]}"
        let sockets = """
            sockets:
            - {protocol: udp, address: 0.0.0.0, port: 323, process: chronyd}
            - {protocol: tcp, address: 0.0.0.0, port: 10249, process: kube-proxy}
            - {protocol: udp, address: 0.0.0.0, port: 8472}
            - {protocol: udp, address: 0.0.0.0, port: 9999}
            """
        try write(evidence("\(scheduler), \(kubelet)", more: sockets), "e.yaml")
        let (_, report, _) = try scan(["e.yaml"])
        for id in ["1.4.2", "4.2.4"] {
            let found = try row(id, report)
            #expect(found.status == "pass", "\(id): \(found.reason)")
        }
    }

    @Test(arguments: [
        ("fail", "pass", "fail", true), ("fail", "equivalentControl", "fail", true), ("fail", "fail", "fail", false), ("pass", "pass", "pass", false),
        ("pass", "fail", "pass", true), ("unseen", "pass", "attested", false), ("unseen", "notApplicable", "attested", false),
        ("unseen", "fail", "fail", false), ("unseen", "dependsOnEnvironment", "manual", false),
    ])
    func whatWasSeenOutweighsWhatWasStated(seen: String, stated: String, expected: String, contradiction: Bool) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence(seen == "fail" ? Self.bad : seen == "pass" ? Self.good : "{name: kubelet, argv: [kubelet]}"), "e.yaml")
        try write(attestation(stated), "a.yaml")
        let (_, report, _) = try scan(["e.yaml", "--attestation", "a.yaml", "--model", "ack"])
        let found = try row("1.2.1", report)
        #expect(found.status == expected && found.contradiction == contradiction, "\(found)")
        #expect(found.attestation?.attestor == "Example Cloud" && found.attestation?.status == stated)
        #expect(found.reason.contains("Example Cloud") == (contradiction || seen == "unseen"), "\(found.reason)")
    }

    @Test func aStatementEnds() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence("{name: kubelet, argv: [kubelet]}"), "e.yaml")
        try write(attestation("pass", expires: "2026-06-14"), "a.yaml")
        let (_, report, _) = try scan(["e.yaml", "--attestation", "a.yaml", "--model", "ack"])
        let found = try row("1.2.1", report)
        #expect(
            found.status == "notObservable" && found.attestation?.expired == true && found.reason.contains("expired at 2026-06-15T00:00:00Z"),
            "\(found)")
    }

    /// Only whoever answers for a row may state how it stands.
    @Test func otherPartiesStateNothing() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence("{name: kubelet, argv: [kubelet]}"), "e.yaml")
        try write(attestation("pass", party: "customer"), "a.yaml")
        let (_, report, _) = try scan(["e.yaml", "--attestation", "a.yaml", "--model", "ack"])
        let found = try row("1.2.1", report)
        #expect(found.status == "notObservable" && found.reason.contains("does not answer for this row"), "\(found)")
    }

    /// A Pod of a tenant cannot make a machine the provider's, nor fail rows of the control plane.
    @Test func aProcessInAPodMovesNothing() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let kubelet = "{name: kubelet, argv: [kubelet, --anonymous-auth=true]}"
        let more = "files: [{path: /etc/kubernetes/kubelet.conf, mode: '0600', owner: root, group: root}]"
        try write(evidence("\(kubelet), {name: kube-apiserver, container: 4f2c, argv: [kube-apiserver]}", more: more), "e.yaml")
        let (_, report, _) = try scan(["e.yaml", "--model", "eks"])
        #expect(try row("4.2.1", report).party == "customer")
        #expect(try row("1.2.1", report).status == "notObservable")
        #expect(report.coverage.gaps.contains { $0.message.contains("'kube-apiserver' in container 4f2c was left out") }, "\(report.coverage.gaps)")
    }

    /// One broken entry hides neither what is wrong in the others nor itself.
    @Test func aBrokenEntryHidesNothing() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence("\(Self.bad), {name: 1}"), "e.yaml")
        let (code, report, _) = try scan(["e.yaml"])
        #expect(code == 1)
        #expect(try row("1.2.1", report).status == "fail")
        // What passes by the entries that could be read may fail by the one that could not.
        #expect(try row("1.2.6", report).status != "pass")
        #expect(try row("1.2.2", report).status == "notObservable")
        #expect(report.coverage.gaps.contains { $0.message.hasPrefix("processes[1].name should be a string") }, "\(report.coverage.gaps)")
    }

    @Test func rowsNameMachinesAndBothSides() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let kubelet = "{name: kubelet, argv: [kubelet, --anonymous-auth=true]}"
        try write(evidence("\(Self.good), \(kubelet)"), "a.yaml")
        try write(evidence(kubelet).replacing("nodeName: cp-1", with: "nodeName: w-1"), "b.yaml")
        let found = try row("4.2.1", try scan(["a.yaml", "b.yaml", "--model", "eks"]).report)
        #expect(found.status == "fail" && found.party == "shared" && found.reason.hasPrefix("cp-1: ") && found.reason.contains("; w-1: "), "\(found)")
    }

    /// What does not count of a statement is said, and a failure that a party states of itself is no success.
    @Test func statementsAreNotPassedOverInSilence() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence("{name: kubelet, argv: [kubelet]}"), "e.yaml")
        try write(attestation("pass", expires: "2026-06-14"), "old.yaml")
        try write(attestation("pass", party: "customer"), "other.yaml")
        try write(attestation("fail"), "fail.yaml")
        let only = ["e.yaml", "--model", "ack", "--control", "kube-apiserver-profiling"]
        let old = try scan(only + ["--attestation", "old.yaml", "--attestation", "other.yaml"])
        #expect(old.errors.contains("1 row expired and count no longer: 1.2.1"), "\(old.errors)")
        #expect(old.errors.contains("customer does not answer for them under the model: 1.2.1"), "\(old.errors)")
        // An expired statement hides no valid one.
        let both = try scan(only + ["--attestation", "old.yaml", "--attestation", "fail.yaml"])
        #expect(both.code == 1)
        #expect(try row("1.2.1", both.report).status == "fail")
        try write(attestation("pass"), "pass.yaml")
        let against = try scan(only + ["--attestation", "fail.yaml", "--attestation", "pass.yaml"])
        #expect(try row("1.2.1", against.report).contradiction)
    }

    /// A broken list keeps a second machine's pass from standing for both.
    @Test func brokenEvidenceIsNoPass() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence(Self.good), "a.yaml")
        try write(evidence("{name: kube-apiserver, argv: text}"), "b.yaml")
        let (code, report, _) = try scan(["a.yaml", "b.yaml"])
        #expect(code == 3 || code == 1)
        #expect(try row("1.2.1", report).status == "notObservable")
        #expect(report.coverage.gaps.contains { $0.message.contains("processes[0].argv should be a sequence") }, "\(report.coverage.gaps)")
    }

    /// The example of a hardened control plane leaves nothing to the provider, and shows every row that a machine can show.
    @Test func theExampleIsHardened() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let example = root.appending(path: "Examples/control-plane")
        let (code, report, _) = try scan([
            example.appending(path: "cp-1.json").path, "--attestation", example.appending(path: "attestation.yaml").path,
        ])
        #expect(code == 0 && report.coverage.gaps.isEmpty, "\(report.coverage.gaps)")
        let provider = try #require(report.benchmark.byParty["provider"])
        #expect(provider["fail"] == 0 && provider["notObservable"] == 0 && provider["manual"] == 0 && provider["attested"] == 5)
        #expect(report.benchmark.rows.filter { !$0.id.hasPrefix("5.") }.allSatisfy { $0.status == "pass" || $0.status == "attested" })
    }

    @Test(arguments: [
        ("1.30.4", [], "cis-1.11"), ("v1.22.1", [], "cis-1.23"), ("1.27.0", [], "cis-1.10"), ("v1.29.3-eks-2d5f260", [], "eks-1.8.0"),
        ("1.30.1-gke.1329003", [], "gke-1.9.0"), ("1.30.4", ["--benchmark", "cis-1.10"], "cis-1.10"),
        ("1.30.4", ["--benchmark", "AKS-1.8"], "aks-1.8"),
    ])
    func theBenchmarkFollowsTheVersion(version: String, flags: [String], expected: String) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence(version: version, Self.good), "e.yaml")
        #expect(try scan(["e.yaml"] + flags).report.benchmark.id == expected)
    }

    @Test(arguments: [(nil, "names no version of Kubernetes"), ("banana", "'banana' is no version of Kubernetes")] as [(String?, String)])
    func anUnknownVersionIsAGap(version: String?, message: String) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence(version: version, Self.good), "e.yaml")
        let (_, report, _) = try scan(["e.yaml"])
        #expect(report.benchmark.id == "cis-1.12")
        #expect(report.coverage.gaps.map(\.message).filter { $0.contains(message) }.count == 1, "\(report.coverage.gaps)")
        #expect(try scan(["e.yaml", "--benchmark", "cis-1.12"]).report.coverage.gaps.isEmpty)
    }

    @Test func refusedReadsAreAGap() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence(Self.good, more: "refusals: [{path: /etc/kubernetes, operation: open, error: Permission denied}]"), "e.yaml")
        let (_, report, _) = try scan(["e.yaml"])
        #expect(
            report.coverage.gaps.contains { $0.message.contains("1 read was refused") && $0.message.contains("/etc/kubernetes: Permission denied") })
    }

    @Test func truncatedEvidenceIsAGap() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(#"{"apiVersion":"demarc.dev/v1alpha1","kind":"NodeEvidence","processes":[{"name":"kube-apis"#, "e.json")
        let result = try Program.run(["node", "scan", "e.json"], in: directory)
        #expect(result.code == 3)
        #expect(result.output.contains("e.json:1"))
        #expect(!result.output.contains("BENCHMARK"))
    }

    @Test func wrongCommandLinesSayWhatToDo() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", "c.yaml")
        try write("kind: BenchmarkAttestation", "bad.yaml")
        let none = try Program.run(["node", "scan"], in: directory)
        #expect(none.code == 2 && none.errors.contains("demarc node collect"))
        let other = try Program.run(["node", "scan", "c.yaml"], in: directory)
        #expect(other.code == 3 && other.errors.contains("no evidence of a machine was found"))
        let benchmark = try Program.run(["node", "scan", "c.yaml", "--benchmark", "cis-2"], in: directory)
        #expect(benchmark.code == 2 && benchmark.errors.contains("there is no benchmark 'cis-2'; known are cis-1.23"))
        let attestation = try Program.run(["node", "scan", "c.yaml", "--attestation", "bad.yaml"], in: directory)
        #expect(attestation.code == 2 && attestation.errors.contains("bad.yaml:1"))
        let missing = try Program.run(["node", "scan", "c.yaml", "--attestation", "gone.yaml"], in: directory)
        #expect(missing.code == 2 && missing.errors.contains("gone.yaml"))
    }

    /// On a machine that the model leaves to the customer, a fixed duty of the provider decides nothing.
    @Test(arguments: [("acs", "provider"), ("ack", "shared"), ("eks", "customer"), ("self-managed", "customer")])
    func machinesAreWhoseTheModelSays(model: String, party: String) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence("{name: kubelet, argv: [kubelet, --anonymous-auth=true, --authorization-mode=AlwaysAllow]}"), "e.yaml")
        #expect(try row("4.2.1", try scan(["e.yaml", "--model", model]).report).party == party)
    }

    @Test func theTableSumsUpBySectionAndParty() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(evidence(Self.bad), "e.yaml")
        try write(attestation("pass"), "a.yaml")
        let result = try Program.run(["node", "scan", "e.yaml", "--model", "ack", "--attestation", "a.yaml"], in: directory)
        #expect(result.output.contains("BENCHMARK  CIS Kubernetes Benchmark 1.12"))
        let lines = result.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("  1.2  API server") })
        #expect(lines.contains { $0.hasPrefix("  Provider") } && lines.contains { $0.hasPrefix("  All") })
        #expect(result.output.contains("CONTRADICTION: attested as pass by Example Cloud until 2027-01-01T00:00:00Z, but:"))
    }
}
