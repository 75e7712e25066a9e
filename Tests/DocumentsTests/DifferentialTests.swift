import Documents
import Foundation
import Testing

/// The same data through different doors, and through somebody else's.
struct DifferentialTests {
    /// Random YAML that is read, printed as JSON, and read again by both doors.
    @Test(arguments: 0..<20)
    func bothDoorsReadTheSame(seed: UInt64) throws {
        var random = Seeded(state: seed)
        var compared = 0
        for _ in 0..<200 {
            let manifest = KubectlCase(RandomYAML.make(using: &random), nil).manifest
            for root in DocumentTree.parse(manifest).tree.roots {
                let text = Array(root.jsonText.utf8)
                let json = DocumentTree.parse(text, source: "json", syntax: .json)
                #expect(json.problems.isEmpty && json.tree.roots.map(Canonical.init) == [Canonical(root)], "\(manifest)")
                let yaml = DocumentTree.parse(text, source: "yaml", syntax: .yaml)
                #expect(yaml.problems.isEmpty && yaml.tree.roots.map(Canonical.init) == [Canonical(root)], "\(manifest)")
                compared += 1
            }
        }
        #expect(compared > 50)
    }

    /// PyYAML reads YAML 1.1 too. Left out is where it is known to differ: sexagesimal numbers, `y` and `n`, dates, floats
    /// without a dot, `0o` numbers, merge order, tags and keys that are no strings.
    @Test(.enabled(if: Python.hasYAML, "needs python3 with python3-yaml"))
    func readsValuesAsPyYAML() throws {
        let differs: Set<String> = ["y", "Y", "n", "N", "&x y", "!!bool 'n'"]
        let cases = (KubectlCase.booleans + KubectlCase.strings + KubectlCase.flows).filter {
            $0.json != nil && !differs.contains($0.yaml) && !$0.yaml.contains("?")
        }
        let program = """
            import json, sys, yaml
            for text in json.load(sys.stdin):
                try: print(json.dumps(yaml.safe_load(text)['a']))
                except yaml.YAMLError: print(json.dumps('refused'))
            """
        let read = try Python.run(
            program, input: "[" + cases.map { JSONString.quote($0.manifest) }.joined(separator: ",") + "]")
        let expected = Canonical.json(read)
        #expect(expected.count == cases.count)
        let compared = zip(cases, expected).filter { $0.1 != .string("refused") }
        #expect(compared.count > 50)
        for (example, expected) in compared {
            #expect(DocumentTree.parse(example.manifest).tree.roots.map { Canonical($0["a"]) } == [expected], "\(example)")
        }
    }

    @Test(.enabled(if: Python.hasYAML, "needs python3 with python3-yaml"))
    func readsNumbersAndStringsOfJSONAsPython() throws {
        let texts = JSONTests.valid.map(\.0).filter { !$0.contains("\\ud") && !$0.contains("\\ude") }
        let read = try Python.run(
            "import json, sys\nfor text in json.load(sys.stdin): print(json.dumps(json.loads(text)))",
            input: "[" + texts.map(JSONString.quote).joined(separator: ",") + "]")
        let expected = Canonical.json(read)
        #expect(expected.count == texts.count)
        for (text, expected) in zip(texts, expected) { #expect(Canonical.json(text) == [expected], "\(text)") }
    }
}

enum Python {
    static let hasYAML = (try? run("import yaml; print(1)", input: ""))?.hasPrefix("1") ?? false

    static func run(_ program: String, input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        let (standardInput, output) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }
}
