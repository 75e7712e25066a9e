import Testing

@testable import NodeEvidence

/// Our reader of TOML against its specification, https://toml.io/en/v1.0.0.
struct TOMLTests {
    @Test(arguments: [
        (#"a = "x\ty\u00e9\\""#, TOMLValue.Content.string("x\tyé\\")), (#"a = 'C:\x'"#, .string(#"C:\x"#)),
        ("a = \"\"\"\nx\n  y\"\"\"", .string("x\n  y")),
        ("a = \"\"\"x \\\n\n   y\"\"\"", .string("x y")), ("a = \"\"\"\"\"x\"\"\"\"\"", .string("\"\"x\"\"")), ("a = ''''x''''", .string("'x'")),
        (#"a = """#, .string("")),
        ("a = 1_000", .integer(1000)), ("a = -17", .integer(-17)), ("a = +0", .integer(0)), ("a = 0xDEAD_beef", .integer(0xDEAD_BEEF)),
        ("a = 0o755", .integer(493)),
        ("a = 0b101", .integer(5)), ("a = 9223372036854775807", .integer(.max)), ("a = true", .boolean(true)), ("a = false # no", .boolean(false)),
        ("a = 1.5", .float(1.5)), ("a = -2e3", .float(-2000)), ("a = 6.6e-3_4", .float(6.6e-34)), ("a = inf", .float(.infinity)),
        ("a = 1979-05-27T07:32:00Z", .time("1979-05-27T07:32:00Z")), ("a = 1979-05-27 07:32:00.999-07:00", .time("1979-05-27 07:32:00.999-07:00")),
        ("a = 1979-05-27", .time("1979-05-27")), ("a = 07:32:00", .time("07:32:00")),
    ])
    func valuesAreRead(text: String, content: TOMLValue.Content) throws {
        #expect(try TOMLReader.read(text)["a"] == TOMLValue(content: content, line: 1))
    }

    @Test func tablesAreRead() throws {
        let table = try TOMLReader.read(
            """
            # a comment
            title = "x"
            [plugins."io.containerd.grpc.v1.cri".containerd]
              names = [
                "a", # one
                "b",
              ]
            [plugins.'io.containerd.grpc.v1.cri']
            sandbox.image = "pause"
            [a.b]
            c = {d = 1, "e f" = [[], [1]]}
            [[list]]
            n = 1
            [list.inner]
            m = 2
            [[list]]
            """)
        #expect(table.keys == ["title", "plugins", "a", "list"])
        let plugin = table["plugins"]?.table?["io.containerd.grpc.v1.cri"]
        #expect(plugin?.line == 8 && plugin?.table?[path: ["sandbox", "image"]]?.string == "pause")
        #expect(plugin?.table?[path: ["containerd", "names"]]?.array?.map(\.string) == ["a", "b"])
        #expect(plugin?.table?[path: ["containerd", "names"]]?.array?.map(\.line) == [5, 6])
        #expect(table[path: ["a", "b", "c", "d"]]?.integer == 1 && table[path: ["a", "b", "c", "e f"]]?.array?.count == 2)
        #expect(table["list"]?.array?.map { $0.table?.keys } == [["n", "inner"], []])
    }

    @Test(arguments: [
        ("a", 1, "expected '='"), ("a =", 1, "expected a value"), ("\n\na = x", 3, "'x' is no value; text needs quotes"),
        ("a = 1\na = 2", 2, "'a' is there twice"),
        ("[a]\n[a]", 2, "'a' is there twice"), ("a = {b = 1}\n[a.c]", 2, "'a' is a table already; nothing can be added to it"),
        ("[a]\nb.c = 1\n[a.b]", 3, "'a.b' is there twice"), ("[a.b]\n[a]\nb.c = 1", 3, "'b' is there already; a dotted key cannot add to it"),
        ("a = [1]\n[[a]]", 2, "'a' is there already and is no array of tables"), ("[[a]]\n[a]", 2, "'a' is there twice"),
        ("a = 1 b = 2", 1, "expected the end of the line"),
        ("a = \"x", 1, "the text ends inside a string"), ("a = \"x\ny\"", 1, "the string is not closed in its line"),
        (#"a = "\q""#, 1, "this escape does not exist in TOML"),
        (#"a = "\uD800""#, 1, "expected 4 hexadecimal digits of a character after the escape"),
        ("a = \"\u{01}\"", 1, "a control character in a string must be escaped"),
        ("a = 01", 1, "'01' is no value; text needs quotes"), ("a = 1__0", 1, "'1__0' is no value; text needs quotes"),
        ("a = 9223372036854775808", 1, "'9223372036854775808' is no value; text needs quotes"),
        ("a = 1.", 1, "'1.' is no value; text needs quotes"), ("a = [1 2]", 1, "expected ',' or the end of the array"),
        ("a = {b = 1,}", 1, "an inline table must not end with ','"),
        ("a = {b = 1\n}", 1, "expected ',' or the end of the inline table"), ("[a", 1, "expected ']'"), ("= 1", 1, "expected a key"),
        ("a. = 1", 1, "expected a key"),
        ("\"\"\"a\"\"\" = 1", 1, "a key cannot span lines"), ("a = 1979-5-27", 1, "'1979-5-27' is no value; text needs quotes"),
        ("a = [", 1, "expected a value"),
    ])
    func faultsAreToldWithTheirLine(text: String, line: Int, message: String) {
        #expect(throws: TOMLProblem(line: line, message: message)) { try TOMLReader.read(text) }
    }

    /// Depth and length are limits, not crashes.
    @Test(arguments: [
        "a = " + String(repeating: "[", count: 100_000), "a = " + String(repeating: "{a=", count: 100_000),
        "[" + String(repeating: "a.", count: 10_000) + "a]",
        String(repeating: "a.", count: 10_000) + "a = 1",
    ])
    func deepNestingIsRefused(text: String) {
        #expect(throws: TOMLProblem.self) { try TOMLReader.read(text) }
    }

    /// However long a table is, one more entry costs the same.
    @Test(arguments: [
        ("[a]\n", "k%d = 1\n", ["a"]), ("", "[[a]]\nk%d = 1\n", ["a"]), ("", "[a.k%d]\nx = 1\n", ["a"]), ("[x]\n", "a.k%d = 1\n", ["x", "a"]),
        ("[[x.y]]\n[x.y.z]\n", "k%d = 1\n", ["x"]),
    ])
    func longTablesAreRead(head: String, line: String, path: [String]) throws {
        let text = head + (0..<40_000).map { line.replacing("%d", with: "\($0)") }.joined()
        var value = try #require(try TOMLReader.read(text)[path: path])
        if path == ["x"] { value = try #require(value.table?["y"]?.array?.last?.table?["z"]) }
        #expect((value.table?.keys.count ?? value.array?.count) == 40_000)
        #expect(value.table == nil || value.table?.keys.last == "k39999")
    }

    /// Whatever a document begins with, reading it ends.
    @Test func truncatedTextEnds() throws {
        let text = Array("version = 2\n[plugins.\"a.b\".c]\nx = [\"1\", '2', {y = 0x1}]\nz = \"\"\"\\u0041\n\"\"\" # end\n[[d]]\ne.f = 1.5\n".utf8)
        var read = 0
        for length in 0...text.count { if (try? TOMLReader.read(String(decoding: text[..<length], as: UTF8.self))) != nil { read += 1 } }
        #expect(read > 5 && read < text.count)
    }

    @Test func mergingKeepsWhatIsNotReplaced() throws {
        var one = try TOMLReader.read("[a]\nx = 1\ny = 1\n[a.b]\nz = 1")
        one.merge(try TOMLReader.read("[a]\ny = 2\n[a.b]\nw = 2\n[c]"))
        #expect(one.keys == ["a", "c"] && one[path: ["a", "x"]]?.integer == 1 && one[path: ["a", "y"]]?.integer == 2)
        #expect(one[path: ["a", "b", "z"]]?.integer == 1 && one[path: ["a", "b", "w"]]?.integer == 2)
    }
}
