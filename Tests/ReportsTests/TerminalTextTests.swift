import Testing

@testable import Reports

struct TerminalTextTests {
    @Test(arguments: [("web", 3), ("订单", 4), ("e\u{301}", 1), ("👩‍💻", 2), ("한글", 4), ("ﬀ", 1), ("Ａ", 2), ("", 0), ("a\u{200B}b", 2)])
    func widthIsThatOfATerminal(text: String, width: Int) {
        #expect(TerminalText.width(text) == width)
    }

    @Test func nothingMovesTheCursor() {
        #expect(TerminalText.clean("a\u{1B}[2Jb") == "a\\u{1B}[2Jb")
        #expect(TerminalText.clean("evil\u{202E}txt.exe") == "evil\\u{202E}txt.exe")
        #expect(TerminalText.clean("a\r\nb\u{9B}") == "a\\u{D}\\u{A}b\\u{9B}")
        #expect(TerminalText.clean("plain, 订单, é") == "plain, 订单, é")
    }

    @Test func truncationKeepsTheWidth() {
        #expect(TerminalText.truncate("abcdef", to: 6) == "abcdef")
        #expect(TerminalText.truncate("abcdefg", to: 6) == "abcde…")
        // A wide character that would stick out by half is left out whole.
        #expect(TerminalText.truncate("订单服务", to: 6) == "订单…")
        #expect(TerminalText.truncate("abc", to: 0) == "")
    }

    @Test(arguments: [8, 11, 20, 40, 80])
    func noLineIsWiderThanAskedFor(limit: Int) {
        let text = "container '应用服务器' runs registry.example.com/a/very/long/name/without/any/space@sha256:0123456789 which names no digest 订单订单订单订单订单"
        let lines = TerminalText.wrap(text, to: limit)
        #expect(lines.allSatisfy { TerminalText.width($0) <= limit })
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }

    @Test func laterLinesHang() {
        #expect(TerminalText.wrap("one two three four", to: 11, first: 4, hanging: 2) == ["one", "  two three", "  four"])
        #expect(TerminalText.wrap("enormous word", to: 10, first: 3, hanging: 2) == ["", "  enormous", "  word"])
    }

    @Test func pathsBreakBehindSlashes() {
        #expect(TerminalText.wrapPath("shop/web.yaml:12", to: 20) == ["shop/web.yaml:12"])
        #expect(TerminalText.wrapPath("manifests/team-a/shop/web.yaml:12", to: 18) == ["manifests/team-a/", "shop/web.yaml:12"])
        #expect(TerminalText.wrapPath("a/extraordinarily-long-name.yaml", to: 12) == ["a/", "extraordinar", "ily-long-nam", "e.yaml"])
    }

    @Test func coloursAreOffWhereTheyShouldBe() throws {
        #expect(!(try text(Sample.estate, as: .table)).contains("\u{1B}"))
        #expect(try text(Sample.estate, as: .table, options: ReportOptions(colour: true)).contains("\u{1B}[1;97;41mcritical\u{1B}[0m"))
    }

    @Test(arguments: [60, 80, 100, 140])
    func tableFitsTheTerminal(width: Int) throws {
        for verbose in [false, true] {
            let table = try text(Sample.estate, as: .table, options: ReportOptions(width: width, verbose: verbose))
            for line in table.split(separator: "\n") {
                #expect(TerminalText.width(line) <= width, "\(line)")
                #expect(!line.hasSuffix(" "), "\(line)")
            }
        }
    }
}
