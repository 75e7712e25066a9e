import Documents
import Testing

/// The JSON door keeps to RFC 8259.
struct JSONTests {
    static let valid: [(String, Canonical)] = [
        ("null", .null), ("true", .boolean(true)), (" false ", .boolean(false)), ("0", .number(0)), ("-0", .number(0)), ("-12", .number(-12)),
        ("1.0", .number(1)), ("1e3", .number(1000)), ("1E+3", .number(1000)), ("12.5e-1", .number(1.25)), ("\"\"", .string("")),
        ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", .string("a\"\\/\u{8}\u{C}\n\r\t")), ("\"\\u00e9\\u20AC\"", .string("é€")),
        ("\"\\ud83d\\ude00\"", .string("😀")), ("\"\\ud83d\"", .string("\u{FFFD}")), ("\"\\ud83dx\"", .string("\u{FFFD}x")),
        ("\"\\ude00\\ud83d\"", .string("\u{FFFD}\u{FFFD}")), ("\"\\ud83d\\u0041\"", .string("\u{FFFD}A")), ("\"\\u0000\"", .string("\u{0}")),
        ("\"ä😀\u{7F}\u{2028}\"", .string("ä😀\u{7F}\u{2028}")), ("[]", .sequence([])), ("{}", .mapping([:])), ("[ ]", .sequence([])),
        ("[1,\t2\r\n,3]", .sequence([.number(1), .number(2), .number(3)])),
        ("{\"\":{\"a\\u0062\":[]}}", .mapping(["": .mapping(["ab": .sequence([])])])),
        ("{\"a\":1,\"A\":2}", .mapping(["a": .number(1), "A": .number(2)])), ("{\"a\":1,\"a\":[]}", .mapping(["a": .sequence([])])),
        ("\"12345678\\n12345678\"", .string("12345678\n12345678")), ("\"1234567\"", .string("1234567")), ("\"äääääääääää\"", .string("äääääääääää")),
    ]

    @Test(arguments: valid.indices)
    func reads(index: Int) {
        let (text, expected) = JSONTests.valid[index]
        let parsed = DocumentTree.parse(Array(text.utf8), source: "s", syntax: .json)
        #expect(parsed.tree.roots.map(Canonical.init) == [expected], "\(text)")
        #expect(parsed.problems.allSatisfy { $0.reason == .duplicateKey })
    }

    /// With the column of the error.
    static let broken: [(String, Int)] = [
        ("tru", 1), ("nulL", 1), ("[1,]", 4), ("[,1]", 2), ("[1 2]", 4), ("{,}", 2), ("{\"a\"}", 5), ("{\"a\" 1}", 6), ("{\"a\":}", 6),
        ("{\"a\":1,}", 8),
        ("{a:1}", 2), ("{'a':1}", 2), ("{1:2}", 2), ("[", 2), ("{", 2), ("{\"a\":1", 7), ("]", 1), ("[1}", 3), ("{\"a\":1]", 7), ("01", 3), ("-", 2),
        ("+1", 1),
        (".5", 1), ("1.", 3), ("1e", 3), ("1e+", 4), ("- 1", 2), ("0x1", 2), ("NaN", 1), ("\"", 2), ("\"a", 3), ("\"\\", 3), ("\"\\x\"", 3),
        ("\"\\u12\"", 6),
        ("\"\\u12g4\"", 6), ("\"\t\"", 2), ("\"ä\n\"", 3), ("\"ä\\n\u{1}\"", 5), ("[1]//", 4), ("/* */1", 1), ("\u{A0}1", 1), ("[\"ä\",]", 6),
    ]

    @Test(arguments: broken.indices)
    func refuses(index: Int) {
        let (text, column) = JSONTests.broken[index]
        let parsed = DocumentTree.parse(Array(text.utf8), source: "s", syntax: .json)
        #expect(parsed.problems.count == 1 && parsed.problems[0].reason == .syntax, "\(text): \(parsed.problems)")
        #expect(parsed.problems.first?.position == Position(line: 1, column: column), "\(text)")
    }

    @Test func textsBeforeTheErrorAreKept() {
        let parsed = DocumentTree.parse(Array("{\"x\":1} {\"x\":2}\n[3,".utf8), source: "s", syntax: .json)
        #expect(parsed.tree.roots.count == 2 && parsed.problems.map(\.position) == [Position(line: 2, column: 4)])
    }

    @Test func emptySourcesHoldNothing() {
        for text in ["", " \n\t", "\u{FEFF}"] {
            let parsed = DocumentTree.parse(Array(text.utf8), source: "s", syntax: .json)
            #expect(parsed.tree.roots.isEmpty && parsed.problems.isEmpty)
        }
    }
}
