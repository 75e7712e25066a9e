import Foundation
import Testing

/// Bad input gets a clear error that names what, where and the remedy, the exit code of the contract, and loses nothing else.
struct BadInputTests {
    static let pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: registry.example.com/app:1.0
            securityContext: {privileged: true}
        """

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var files: [String: String] = [:]
        var arguments: [String] = ["scan", ".", "--format", "json"]
        var code: Int32 = 3
        /// All of these stand in the output or on standard error.
        var says: [String]
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "a path that is not there", arguments: ["scan", "nowhere"], says: ["nowhere", "no such file"]),
        Case(name: "a directory without manifests", files: ["notes.txt": "x"], says: ["no .yaml, .yml or .json file"]),
        Case(
            name: "a directory whose only file was named before", files: ["a/pod.yaml": pod],
            arguments: ["scan", "a/pod.yaml", "a", "--format", "json"],
            code: 1, says: ["\"gaps\":[]"]),
        Case(name: "an empty file", files: ["a.yaml": ""], says: ["no Kubernetes object"]),
        Case(name: "only comments", files: ["a.yaml": "# nothing\n---\n# here\n"], says: ["no Kubernetes object"]),
        Case(name: "a binary file", files: ["a.yaml": "\u{7F}ELF\u{2}\u{1}\u{0}\u{0}\u{3}"], says: ["a.yaml", "encoding"]),
        Case(
            name: "truncated JSON", files: ["a.json": "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metad"],
            says: ["a.json", "the text ends inside"]),
        Case(
            name: "an alias bomb",
            files: [
                "a.yaml": "l0: &l0 [x,x,x,x,x,x,x,x,x]\n"
                    + (1...9).map { "l\($0): &l\($0) [" + Array(repeating: "*l\($0 - 1)", count: 9).joined(separator: ",") + "]\n" }.joined()
            ], says: ["limit", "--max-expanded-nodes"]),
        Case(name: "a depth bomb in YAML", files: ["a.yaml": String(repeating: "[", count: 100_000)], says: ["a.yaml", "limit"]),
        Case(name: "a depth bomb in JSON", files: ["a.json": String(repeating: "[", count: 100_000)], says: ["a.json", "limit of 512"]),
        Case(
            name: "duplicate keys", files: ["a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: a, x: b}\n"],
            says: ["duplicateKey", "stands twice"]),
        Case(
            name: "a field of the wrong type", files: ["a.yaml": pod.replacingOccurrences(of: "privileged: true", with: "privileged: 'true'")],
            says: ["wrongType", "spec.containers[0].securityContext.privileged", "a boolean"]),
        Case(
            name: "containers that are no list", files: ["a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: x}\n"],
            says: ["wrongType", "a sequence"]),
        Case(name: "a document that is no object, named", files: ["a.yaml": "x: 1\n"], arguments: ["scan", "a.yaml"], says: ["apiVersion and kind"]),
        Case(name: "an object without a kind", files: ["a.yaml": "apiVersion: v1\nmetadata: {name: a}\n"], says: ["notAnObject"]),
        Case(name: "a template that was not rendered", files: ["a.yaml": "kind: {{ .Values.kind }}\n  x: [\n"], says: ["helm template"]),
        Case(name: "a chart", files: ["Chart.yaml": "name: x\n", "templates/a.yaml": "{{ x }}"], says: ["must be rendered first"]),
        Case(
            name: "an unknown control", files: ["a.yaml": pod], arguments: ["scan", ".", "--control", "no-such-control"], code: 2,
            says: ["no-such-control", "demarc controls"]),
        Case(
            name: "an unknown framework", files: ["a.yaml": pod], arguments: ["scan", ".", "--framework", "nonsense"], code: 2,
            says: ["nonsense", "pss"]),
        Case(name: "an unknown model", files: ["a.yaml": pod], arguments: ["scan", ".", "--model", "nonsense"], code: 2, says: ["nonsense", "acs"]),
        Case(
            name: "an unknown version", files: ["a.yaml": pod], arguments: ["scan", ".", "--kubernetes-version", "x"], code: 2, says: ["'x'", "1."]),
        Case(name: "an unknown format", files: ["a.yaml": pod], arguments: ["scan", ".", "--format", "pdf"], code: 2, says: ["pdf", "sarif"]),
        Case(
            name: "an unknown severity", files: ["a.yaml": pod], arguments: ["scan", ".", "--fail-on", "dire"], code: 2, says: ["dire", "critical"]),
        Case(name: "an unknown party", files: ["a.yaml": pod], arguments: ["scan", ".", "--party", "them"], code: 2, says: ["them", "provider"]),
        Case(name: "a selector that is none", files: ["a.yaml": pod], arguments: ["scan", ".", "-l", "a in b"], code: 2, says: ["a in b"]),
        Case(
            name: "a selector that matches nothing", files: ["a.yaml": pod], arguments: ["scan", ".", "-l", "a=b"],
            says: ["no object has these labels: a in (b)"]),
        Case(
            name: "a time that is none", files: ["a.yaml": pod], arguments: ["scan", ".", "--now", "tomorrow"], code: 2,
            says: ["tomorrow", "RFC 3339"]),
        Case(name: "a broken configuration", files: ["a.yaml": pod, ".demarc.yaml": "model: [\n"], code: 2, says: [".demarc.yaml"]),
        Case(
            name: "an unknown key in the configuration", files: ["a.yaml": pod, ".demarc.yaml": "modell: acs\n"], code: 2,
            says: [".demarc.yaml:1:1", "modell", "model,"]),
        Case(name: "a version as a number", files: ["a.yaml": pod, ".demarc.yaml": "kubernetesVersion: 1.30\n"], code: 2, says: ["quotes"]),
        Case(
            name: "a broken model",
            files: ["a.yaml": pod, "m.yaml": "apiVersion: demarc.dev/v1alpha1\nkind: ResponsibilityModel\nspec: {dutys: []}\n"],
            arguments: ["scan", "a.yaml", "--model", "m.yaml"], code: 2, says: ["m.yaml", "dutys"]),
        Case(
            name: "a baseline that is not there", files: ["a.yaml": pod], arguments: ["scan", ".", "--baseline", "b.json"], code: 2, says: ["b.json"]),
        Case(
            name: "two reports on standard output", files: ["a.yaml": pod], arguments: ["scan", ".", "--format", "json", "--format", "sarif"],
            code: 2, says: ["standard output"]),
    ]

    @Test(arguments: cases)
    func badInputIsExplained(bad: Case) throws {
        try Program.withFiles(bad.files) { directory in
            let result = try Program.run(bad.arguments, in: directory)
            let said = result.output + result.errors
            #expect(result.code == bad.code, "\(said)")
            for expected in bad.says { #expect(said.contains(expected), "'\(expected)' is missing in: \(said)") }
        }
    }

    @Test func oneBrokenDocumentDoesNotLoseTheOthers() throws {
        try Program.withFiles(["a.yaml": "x: [\n---\n\(Self.pod)\n---\ny: {\n"]) { directory in
            let result = try Program.run(["scan", ".", "--format", "json", "--control", "privileged-containers"], in: directory)
            #expect(result.code == 1, "findings win over gaps")
            #expect(result.output.contains("\"line\":10"))
            #expect(result.output.components(separatedBy: "\"reason\":\"syntax\"").count == 3)
        }
    }

    @Test func circlesOfLinksEnd() throws {
        try Program.withFiles(["a/b.yaml": Self.pod]) { directory in
            try FileManager.default.createSymbolicLink(at: directory.appending(path: "a/up"), withDestinationURL: directory)
            try FileManager.default.createSymbolicLink(
                at: directory.appending(path: "a/gone.yaml"), withDestinationURL: directory.appending(path: "nowhere"))
            let result = try Program.run(["scan", ".", "--format", "json", "--fail-on", "none"], in: directory)
            #expect(result.code == 3)
            #expect(result.output.contains("leads back") && result.output.contains("leads nowhere"))
        }
    }

    @Test func aGigabyteIsRefusedAtOnce() throws {
        try Program.withFiles(["a.yaml": ""]) { directory in
            let file = try FileHandle(forWritingTo: directory.appending(path: "a.yaml"))
            try file.truncate(atOffset: 1 << 30)
            try file.close()
            let result = try Program.run(["scan", "."], in: directory)
            #expect(result.code == 3)
            #expect((result.output + result.errors).contains("--max-bytes"))
        }
    }

    @Test func aFileWithoutPermissionIsAGap() throws {
        try Program.withFiles(["a.yaml": Self.pod, "b.yaml": Self.pod]) { directory in
            for (path, mode) in [("", 0o755), ("a.yaml", 0o000), ("b.yaml", 0o644)] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory.appending(path: path).path)
            }
            let result = try Program.run(["scan", ".", "--fail-on", "none"], in: directory, asNobody: true)
            #expect(result.code == 3)
            #expect((result.output + result.errors).contains("no permission"))
        }
    }
}
