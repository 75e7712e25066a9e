import Documents
import Testing

/// Byte order marks, UTF-16, broken UTF-8, and what is no text at all.
struct EncodingTests {
    private static let text = "x: \"äö😀\"\r\n---\nx: 2\n"

    @Test(arguments: [true, false])
    func readsUTF16(bigEndian: Bool) throws {
        let units = Array("\u{FEFF}\(Self.text)".utf16)
        let bytes = units.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let parsed = DocumentTree.parse(bytes, source: "s")
        #expect(parsed.problems.isEmpty)
        #expect(try parsed.tree.roots.first?["x"].string() == "äö😀")
        #expect(parsed.tree.roots.last?["x"].position == Position(line: 3, column: 1))
        // Without the mark kubectl refuses it.
        let bare = DocumentTree.parse(Array(bytes.dropFirst(2)), source: "s")
        #expect(bare.tree.roots.isEmpty && bare.problems.count == 1 && bare.problems[0].reason == .encoding)
        let odd = DocumentTree.parse(Array(bytes.dropLast()), source: "s")
        #expect(odd.tree.roots.isEmpty && odd.problems.map(\.reason) == [.encoding])
    }

    @Test func readsUTF16JSON() throws {
        let bytes = "\u{FEFF}{\"x\": 1}".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try DocumentTree.parse(bytes, source: "s").tree.roots[0]["x"].int() == 1)
    }

    @Test func halfASurrogatePairIsAProblem() {
        let parsed = DocumentTree.parse([0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x00, 0xD8, 0x61, 0], source: "s")
        #expect(parsed.problems.map(\.reason) == [.encoding] && parsed.problems[0].position?.line == 2)
    }

    @Test(arguments: ["x: \"ä\"\n", "{\"x\": \"ä\"}"])
    func skipsTheMarkOfUTF8(text: String) throws {
        let parsed = DocumentTree.parse([0xEF, 0xBB, 0xBF] + Array(text.utf8), source: "s")
        #expect(parsed.problems.isEmpty)
        #expect(try parsed.tree.roots[0]["x"].string() == "ä")
        #expect(parsed.tree.roots[0]["x"].position.column == DocumentTree.parse(text).tree.roots[0]["x"].position.column)
    }

    @Test func brokenUTF8LosesOneDocumentOnly() {
        let bytes = Array("x: 1\n---\n# ä\nx: ab".utf8) + [0xFF] + Array("\n---\nx: 3\n".utf8)
        let parsed = DocumentTree.parse(bytes, source: "s")
        #expect(parsed.tree.roots.map { $0["x"].text } == ["1", "3"])
        #expect(parsed.problems.map(\.reason) == [.encoding])
        #expect(parsed.problems[0].position == Position(line: 4, column: 6))
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0x80], [0xC3],
        ] as [[UInt8]])
    func refusesBrokenUTF8(_ broken: [UInt8]) {
        let yaml = DocumentTree.parse(Array("x: a".utf8) + broken + Array("b\n".utf8), source: "s")
        #expect(yaml.tree.roots.isEmpty && yaml.problems.map(\.reason) == [.encoding])
        let json = DocumentTree.parse(Array("{\"x\": \"a".utf8) + broken + Array("b\"}".utf8), source: "s")
        #expect(json.tree.roots.isEmpty && json.problems.map(\.reason) == [.encoding])
    }

    @Test func binaryFilesAreOneProblem() {
        let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0] + Array("\n---\n".utf8)
        let gzip: [UInt8] = [0x1F, 0x8B, 8, 1, 2, 3]
        let sources: [[UInt8]] = [Array(repeating: elf, count: 1_000).flatMap { $0 }, gzip, [0x78, 0x3A, 0x20, 0x00, 0x0A]]
        for bytes in sources {
            let parsed = DocumentTree.parse(bytes, source: "s")
            #expect(parsed.tree.roots.isEmpty && parsed.problems.map(\.reason) == [.encoding])
            #expect(parsed.problems.first?.message.contains("no text") == true)
        }
    }

    @Test func controlCharactersAreRefused() {
        #expect(DocumentTree.parse("x: 1\ny: \u{1}\n").problems.map(\.position?.line) == [2])
        #expect(DocumentTree.parse("x: \"a\u{7F}\"\n").problems.map(\.reason) == [.encoding])
    }
}
