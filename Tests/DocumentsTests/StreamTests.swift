import Documents
import Testing

/// Streams of several documents, whole and broken, and where things stand in them.
struct StreamTests {
    struct Stream: Sendable, CustomStringConvertible {
        let text: String
        /// `x` of each document that is read, and its line.
        let documents: [String]
        /// Line and reason of each problem.
        var problems: [String] = []
        var description: String { text.debugDescription }
    }

    static let streams: [Stream] = [
        Stream(text: "", documents: []),
        Stream(text: "# only a comment\n", documents: []),
        Stream(text: "---\n# only a comment\n---\n", documents: ["null@3"]),
        Stream(text: "x: 1", documents: ["1@1"]),
        Stream(text: "\u{FEFF}x: 1\n---\n\u{FEFF}x: 2\n", documents: ["1@1", "2@3"]),
        Stream(text: "x: 1\n---\nx: 2\n", documents: ["1@1", "2@3"]),
        Stream(text: "---\nx: 1\n---\nx: 2\n---\n", documents: ["1@2", "2@4"]),
        Stream(text: "---\n---\nx: 1\n", documents: ["null@2", "1@3"]),
        Stream(text: "--- # one\nx: 1\n---#two\nx: 2\n", documents: ["1@2", "2@4"]),
        Stream(text: "---   \t\nx: 1\n", documents: ["1@2"]),
        Stream(text: "x: 1\r\n---\r\nx: 2\r\n", documents: ["1@1", "2@3"]),
        Stream(text: "x: 1\r---\rx: 2\r", documents: ["1@1", "2@3"]),
        Stream(text: "x: 1\n...\n---\nx: 2\n...\n", documents: ["1@1", "2@4"]),
        Stream(text: "x: 1\n...\nx: 2\n", documents: ["1@1"], problems: ["3 syntax"]),
        Stream(text: "x: 1\n--- {x: 2}\n---\nx: 3\n", documents: ["1@1", "2@2", "3@4"]),
        Stream(text: "x: 1\n---\nkey: [\n---\nx: 3\n", documents: ["1@1", "3@5"], problems: ["4 syntax"]),
        Stream(text: "x: 'a\n---\nb'\n---\nx: 3\n", documents: ["missing@3", "3@5"], problems: ["2 syntax"]),
        Stream(text: "x: |\n  a\n ---\n  b\n---\nx: 2\n", documents: ["2@6"], problems: ["3 syntax"]),
        Stream(text: "x: |\n  ---\n  b\n---\nx: 2\n", documents: ["---\nb\n@1", "2@5"]),
        Stream(text: "x: 1\ny: b: c\n---\nx: 2\n---\n\tx: 3\n---\nx: 4\n", documents: ["2@4", "4@8"], problems: ["2 syntax", "6 syntax"]),
        Stream(text: "%YAML 1.1\n---\nx: 1\n---\nx: 2\n", documents: ["1@3", "2@5"]),
        Stream(text: "# c\n%TAG !e! tag:yaml.org,2002:\n---\nx: !e!str 1\n", documents: ["1@4"]),
        Stream(text: "x: 1\n---\n? [a]\n: b\n---\nx: 3", documents: ["1@1", "3@6"], problems: ["3 syntax"]),
        Stream(text: "{\"x\": 1}\n{\"x\": 2}", documents: ["1@1", "2@2"]),
        Stream(text: "{\"x\": 1}\n---\n{\"x\": 2}\n---\nx: 3\n", documents: ["1@1", "2@3", "3@5"]),
        Stream(text: "{\"x\": 1}\n---\n{\"x\": }}\n---\nx: 3\n", documents: ["1@1", "@3", "3@5"], problems: ["3 syntax"]),
        Stream(text: "{x: 1}", documents: ["1@1"]),
        Stream(text: "{x: 1,\n y: [}", documents: [], problems: ["1 syntax"]),
        Stream(text: "{\"x\": 1}\n{\"x\": ", documents: ["1@1"], problems: ["2 syntax"]),
        Stream(text: "[{\"x\": 1}, null]", documents: ["missing@1"]),
        Stream(text: "plain text\n", documents: ["missing@1"]),
    ]

    @Test(arguments: streams)
    func keepsWhatCanBeRead(_ stream: Stream) {
        let parsed = DocumentTree.parse(stream.text)
        let documents = parsed.tree.roots.map { root in
            let value = root["x"]
            let text = value.isWritten ? value.text : root.kind == .null ? "null" : "missing"
            return "\(text)@\(value.position.line)"
        }
        #expect(documents == stream.documents)
        #expect(parsed.problems.map { "\($0.position?.line ?? 0) \($0.reason)" } == stream.problems, "\(parsed.problems)")
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func placesAreThoseOfKeysAndItems(lineBreak: String) throws {
        let lines = [
            "# comment", "spec:", "  containers:", "  - name: \"äö\"", "    image: x # 😀", "  - {name: ü, image: y}", "  ? key", "  : value", "  - z",
        ]
        let yaml = lines.dropLast().joined(separator: lineBreak) + lineBreak
        let parsed = DocumentTree.parse(yaml)
        let spec = try #require(parsed.tree.roots.first)["spec"]
        #expect(parsed.problems.isEmpty)
        #expect(spec.position == Position(line: 2, column: 1))
        let items = Array(try spec["containers"].items())
        #expect(items.map(\.position) == [Position(line: 4, column: 5), Position(line: 6, column: 5)])
        #expect(items[0]["image"].position == Position(line: 5, column: 5))
        #expect(items[1]["image"].position == Position(line: 6, column: 15))
        #expect(spec["key"].position == Position(line: 7, column: 5))
        #expect(spec["containers"]["nothing"].position == spec["containers"].position)
    }

    @Test func placesInJSONCountCharacters() throws {
        let root = DocumentTree.parse("{\"ä\": {\"é\\n\": 1, \"x\": [1,\r\n\t2]}}").tree.roots[0]
        #expect(root["ä"].position == Position(line: 1, column: 2))
        #expect(root["ä"]["x"].position == Position(line: 1, column: 18))
        #expect(try root["ä"]["x"].items().map(\.position) == [Position(line: 1, column: 24), Position(line: 2, column: 2)])
    }

    @Test func duplicateKeysAreJudgedLastAndReported() throws {
        for text in ["a: {x: 1,\n x: 2}\n", "{\"a\": {\"x\": 1,\n\"x\": 2}}", "a:\n  x: 1\n  \"\\u0078\": 2\n"] {
            let parsed = DocumentTree.parse(text)
            #expect(try parsed.tree.roots[0]["a"]["x"].int() == 2)
            #expect(try parsed.tree.roots[0]["a"].entries().map(\.key) == ["x"])
            #expect(parsed.problems.map(\.reason) == [.duplicateKey])
            #expect(!parsed.problems[0].losesDocument && parsed.problems[0].message.contains("'x'"))
        }
    }

    @Test func duplicatesAmongManyKeysAreFound() throws {
        let keys = (0..<400).map { "k\($0 % 397): \($0)" }
        let parsed = DocumentTree.parse("a: {" + keys.joined(separator: ", ") + "}")
        #expect(parsed.problems.count == 3)
        #expect(try parsed.tree.roots[0]["a"]["k2"].int() == 399)
        #expect(try Array(parsed.tree.roots[0]["a"].entries()).count == 397)
    }

    @Test func mergedKeysAreNoDuplicates() throws {
        let parsed = DocumentTree.parse("base: &b {x: 1, z: 2}\na:\n  <<: *b\n  x: 3\nb: {x: 4, <<: *b}\nc: {x: 1, x: 2, <<: *b}\n")
        let root = parsed.tree.roots[0]
        #expect(try root["a"]["x"].int() == 3)
        #expect(try root["b"]["x"].int() == 1)
        #expect(try root["a"].entries().map(\.key) == ["x", "z"])
        #expect(parsed.problems.count == 1 && parsed.problems[0].position?.line == 6)
        #expect(root["a"]["z"].position == Position(line: 1, column: 17))
        #expect(!root["a"]["<<"].isWritten)
    }

    @Test func longKeysAreRead() throws {
        let key = String(repeating: "k", count: 1_000)
        #expect(try DocumentTree.parse("\(key): 1").tree.roots[0].entry(named: key).int() == 1)
        let longest = String(repeating: "k", count: 65_535)
        for text in ["? \(longest)\n: 1", "{\"\(longest)\": 1}"] {
            let parsed = DocumentTree.parse(text)
            #expect(parsed.problems.isEmpty)
            #expect(try parsed.tree.roots[0].entry(named: longest).int() == 1)
            #expect(!parsed.tree.roots[0].entry(named: longest + "k").isWritten)
        }
        for text in ["? \(longest)k\n: 1", "{\"\(longest)k\": 1}"] {
            #expect(DocumentTree.parse(text).problems.map(\.reason) == [.limit])
        }
        // A key whose length is that of another one in 16 bits must not be taken for it.
        #expect(!DocumentTree.parse("a: 1").tree.roots[0].entry(named: "a" + String(repeating: "b", count: 65_536)).isWritten)
    }
}
