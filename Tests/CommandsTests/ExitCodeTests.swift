import Foundation
import Testing

/// The exit codes and streams of `docs/cli.md`.
struct ExitCodeTests {
    private static let files = ["a.yaml": BadInputTests.pod]
    private static let one = ["scan", "a.yaml", "--control", "privileged-containers", "--now", "2026-11-24T00:00:00Z", "--format", "json"]
    private static let lowly = ["scan", "a.yaml", "--control", "image-digests", "--format", "json"]

    private static func run(
        _ arguments: [String], files: [String: String] = files, input: String = "", environment: [String: String] = [:]
    ) throws -> Program.Result {
        try Program.withFiles(files) { try Program.run(arguments, input: input, in: $0, environment: environment) }
    }

    /// Privileged containers are critical, an image without a digest is low.
    private static let severities: [(String, Int32, Int32)] = [
        ("critical", 1, 0), ("high", 1, 0), ("medium", 1, 0), ("low", 1, 1), ("info", 1, 1), ("none", 0, 0), ("dire", 2, 2), ("", 2, 2),
    ]

    @Test(arguments: severities)
    func failOnDecides(severity: String, critical: Int32, low: Int32) throws {
        #expect(try Self.run(Self.one + ["--fail-on", severity]).code == critical)
        #expect(try Self.run(Self.lowly + ["--fail-on", severity]).code == low)
    }

    @Test(arguments: [("0", Int32(0)), ("100", 0), ("101", 2), ("-1", 2), ("x", 2)])
    func coverageIsAPercentage(percent: String, code: Int32) throws {
        #expect(try Self.run(Self.one + ["--fail-on", "none", "--fail-coverage-below=\(percent)"]).code == code)
    }

    @Test func gapsAreIncompleteUnlessThereAreFindings() throws {
        let broken = ["a.yaml": BadInputTests.pod, "b.yaml": "x: ["]
        #expect(try Self.run(Self.one + ["b.yaml"], files: broken).code == 1)
        #expect(try Self.run(Self.one + ["b.yaml", "--fail-on", "none"], files: broken).code == 3)
    }

    @Test func standardInputIsRead() throws {
        let result = try Self.run(["scan", "-", "--control", "privileged-containers", "--format", "json"], input: BadInputTests.pod)
        #expect(result.code == 1)
        #expect(result.output.contains("\"file\":\"<stdin>\"") && result.errors.isEmpty)
    }

    @Test func nothingButTheResultGoesToStandardOutput() throws {
        for quiet in [[], ["--quiet"]] {
            let result = try Self.run(Self.one + quiet)
            #expect(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) is [String: Any])
        }
        let wrong = try Self.run(["scan", "a.yaml", "--fail-on", "dire"])
        #expect(wrong.output.isEmpty && !wrong.errors.isEmpty)
    }

    @Test func theSameFileIsReadOnce() throws {
        let once = try Self.run(Self.one)
        #expect(try Self.run(Self.one + ["a.yaml", "./a.yaml"]).output == once.output)
        #expect(try Self.run(Self.one + ["../\(UUID().uuidString)/../nowhere"]).output.contains("no such file"))
    }

    @Test func repeatedRunsGiveTheSameBytes() throws {
        let many = Dictionary(
            uniqueKeysWithValues: (0..<60).map { ("d/\($0).yaml", BadInputTests.pod.replacing("name: web", with: "name: web-\($0)")) })
        let arguments = ["scan", "d", "--format", "json", "--now", "2026-11-24T00:00:00Z", "--all-verdicts"]
        try Program.withFiles(many) { directory in
            let first = try Program.run(arguments, in: directory).output
            #expect(first.contains("\"objects\":60,") && first.contains("\"verdict\":\"pass\""))
            for _ in 0..<3 { #expect(try Program.run(arguments, in: directory).output == first) }
        }
    }

    @Test func fingerprintsSurviveMovedLinesAndAnotherSyntax() throws {
        let json = """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [{"name": "app",
             "image": "registry.example.com/app:1.0", "securityContext": {"privileged": true}}]}}
            """
        let forms = [BadInputTests.pod, "# moved\n\n---\n" + BadInputTests.pod, json].map { text in ["a.yaml": text] }
        let prints = try forms.map { files in
            try Self.run(["scan", "a.yaml", "--format", "json"], files: files).output.components(separatedBy: "\"fingerprint\":\"").dropFirst()
                .map { $0.prefix(32) }.sorted()
        }
        #expect(prints[0].count > 5 && prints[0] == prints[1] && prints[0] == prints[2])
    }

    @Test func aBaselineHidesWhatWasKnown() throws {
        try Program.withFiles(Self.files) { directory in
            let first = try Program.run(Self.one + ["--create-baseline", "b.json"], in: directory)
            #expect(first.code == 1 && first.errors.contains("1 findings written"))
            let second = try Program.run(Self.one + ["--baseline", "b.json"], in: directory)
            #expect(second.code == 0 && !second.output.contains("fingerprint"))
        }
    }

    @Test(arguments: [("2027-03-31", Int32(0), "\"accepted\""), ("2026-01-31", 1, "\"fail\"")])
    func anExceptionHoldsUntilItsEnd(expires: String, code: Int32, verdict: String) throws {
        let list = "exceptions:\n- {control: privileged-containers, object: web, reason: moves in spring, expires: \(expires)}\n"
        let result = try Self.run(Self.one, files: Self.files.merging([".demarc.yaml": list]) { $1 })
        #expect(result.code == code && result.output.contains("\"verdict\":\(verdict)"), "\(result.errors)")
        #expect(result.errors.contains("expired") == (code == 1))
    }

    // MARK: - Where a flag comes from

    private static let words: [([String: String], String, [String], Int32)] = [
        ([:], "failOn: none", [], Int32(0)),
        (["DEMARC_FAIL_ON": "critical"], "failOn: none", [], 1),
        (["DEMARC_FAIL_ON": "critical"], "failOn: none", ["--fail-on", "none"], 0),
        (["DEMARC_FAIL_ON": ""], "failOn: none", [], 0),
        (["DEMARC_FAIL_ON": "dire"], "failOn: none", [], 2),
        (["DEMARC_QUIET": "maybe"], "failOn: none", [], 2),
        (["DEMARC_QUIET": "true"], "failOn: none", [], 0),
    ]

    @Test(arguments: words)
    func theNearestWordWins(environment: [String: String], configuration: String, flags: [String], code: Int32) throws {
        let files = ["deep/er/a.yaml": BadInputTests.pod, ".demarc.yaml": configuration + "\n"]
        try Program.withFiles(files) { directory in
            let result = try Program.run(Self.one + flags, in: directory.appending(path: "deep/er"), environment: environment)
            #expect(result.code == code, "\(result.errors)")
        }
    }

    @Test func configShowSaysWhereFrom() throws {
        let result = try Self.run(["config", "show"], files: [".demarc.yaml": "model: gke\n"], environment: ["DEMARC_QUIET": "1"])
        #expect(result.code == 0 && result.output.contains("model: gke") && result.output.contains("DEMARC_QUIET=1"))
    }

    // MARK: - Output that fails

    @Test func aReportThatCannotBeWrittenIsNoSuccess() throws {
        let nowhere = try Self.run(Self.one + ["--fail-on", "none", "-o", "no/such/r.json"])
        #expect(nowhere.code == 2 && nowhere.errors.contains("no/such/r.json"))
        let full = try Self.run(Self.one + ["--fail-on", "none", "-o", "/dev/full"])
        #expect(full.code == 3 && full.errors.contains("/dev/full cannot be written"))
    }

    @Test func aPipeInADirectoryIsNotWaitedFor() throws {
        try Program.withFiles(Self.files) { directory in
            #expect(mkfifo(directory.appending(path: "p.yaml").path, 0o600) == 0)
            let result = try Program.run(["scan", ".", "--fail-on", "none", "--format", "json"], in: directory)
            #expect(result.code == 3 && result.output.contains("no regular file"))
        }
    }

    @Test func namesAreKeptAsTheyAre() throws {
        let result = try Self.run(
            ["scan", ".", "--control", "privileged-containers", "--format", "json"], files: ["a\nb \"c\".yaml": BadInputTests.pod])
        #expect(result.code == 1 && result.output.contains(#""file":"a\nb \"c\".yaml""#))
    }

    // MARK: - Other commands

    private static let commands: [([String], Int32)] = [
        (["model", "list"], Int32(0)), (["model", "show", "acs"], 0), (["model", "show", "nope"], 2), (["model", "check", "acs"], 0),
        (["model", "diff", "acs", "acs"], 0), (["model", "diff", "acs", "gke"], 1), (["explain", "privileged-containers"], 0),
        (["explain", "5.2.2"], 0), (["explain", "nope"], 2), (["controls"], 0), (["controls", "--format", "json"], 0),
        (["controls", "--format", "pdf"], 2), (["completion", "bash"], 0), (["completion", "csh"], 2), (["config", "show"], 0), (["scan"], 2),
        (["grant", "draft", "nowhere"], 3), (["nonsense"], 2),
    ]

    @Test(arguments: commands)
    func commandsKeepTheContract(arguments: [String], code: Int32) throws {
        let result = try Self.run(arguments)
        #expect(result.code == code, "\(result.errors)")
        #expect(result.output.isEmpty == (code > 1 || arguments == ["model", "diff", "acs", "acs"]), "the result alone goes to standard output")
        #expect(code < 2 || !result.errors.isEmpty)
    }
}
