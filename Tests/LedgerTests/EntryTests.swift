import Testing

@testable import Ledger

struct EntryTests {
    private func check(_ text: String) throws(EntryError) { try CanonicalJSON.check(Array(text.utf8)) }

    @Test(arguments: [
        "{}", "[]", "null", "true", "false", "0", "-1", "9007199254740991", "-9007199254740991", #""""#, #""a\"\\\b\f\n\r\t\u0000\u001f""#,
        #""é€😀/""#,
        "\"\u{7F}\"", #"{"a":1,"b":[1,[],{}]}"#, #"{"":1,"a":2}"#, #"{"a":1,"aa":2,"b":3}"#, #"{"1":1,"10":2,"2":3}"#,
        // By UTF-16 units an emoji (U+D83D…) stands before U+FB33, though its scalar is larger.
        "{\"\u{20AC}\":1,\"\u{1F600}\":2,\"\u{FB33}\":3}", #"{"\r":1,"1":2}"#,
    ])
    func canonicalFormsAreTaken(text: String) throws { try check(text) }

    @Test(arguments: [
        "", " {}", "{} ", "{ }", "{}\n", #"{"a": 1}"#, #"{"b":1,"a":2}"#, #"{"a":1,"a":2}"#, #"{"a":1,}"#, "[1,]", "[1 ]", "01", "-0", "-", "+1",
        "1.0", "1e3", "1E3",
        "9007199254740992", "99999999999999999999", #""\/""#, #""\u0041""#, #""\u001F""#, #""\u000a""#, #""\u00e9""#, #""\ud83d\ude00""#, #""\x""#,
        "\"\n\"", "\"\t\"",
        #"""#, #""\"#, #""\u00"#, "tru", "nul", "True", "NaN", "'a'", "{a:1}", #"{"a"}"#, #"{"a":}"#, "[", "{", "[[]", #"{"a":1"b":2}"#, "1 2",
        "{}{}", "\u{FEFF}{}",
        "{\"\u{FB33}\":1,\"\u{1F600}\":2}", #"{"1":1,"\r":2}"#,
    ])
    func otherFormsAreRefused(text: String) { #expect(throws: EntryError.self) { try check(text) } }

    @Test(
        arguments: [
            [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0x80],
            [0xE2, 0x82], [0xC3], [0xFF],
        ] as [[UInt8]])
    func brokenUTF8IsRefused(bytes: [UInt8]) {
        #expect(throws: EntryError.self) { try CanonicalJSON.check([0x22] + bytes + [0x22]) }
    }

    @Test func depthIsBounded() throws {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        try check(nested(64))
        #expect(throws: EntryError.self) { try check(nested(65)) }
        #expect(throws: EntryError.self) { try check(String(repeating: "[", count: 1_000_000)) }
    }

    /// Whatever is cut off or changed in one byte is either refused or still canonical, and never a crash.
    @Test func damagedTextNeverCrashes() {
        let whole = Array(
            #"{"actor":"é\n","kind":"a","payload":{"x":[1,-2,null,{"y":"\u0001"}]},"subject":"s","time":"2026-11-27T13:00:00Z","version":1}"#.utf8)
        for end in whole.indices { #expect(throws: EntryError.self) { try Entry(Array(whole[..<end])) } }
        for position in whole.indices {
            for byte in [0, 0x22, 0x5C, 0x7B, 0x80, 0xF0, 0xFF] as [UInt8] {
                var changed = whole
                changed[position] = byte
                _ = try? Entry(changed)
            }
        }
    }

    @Test func anEntryIsReadAsItWasWritten() throws {
        let entry = try Entry(
            kind: "grant.approved", actor: "ann \"a\"\n", subject: "shop/Grant/web", time: "2026-11-27T13:00:00Z",
            payload: Array(#"{"by":["x"]}"#.utf8))
        #expect(
            String(decoding: entry.bytes, as: UTF8.self)
                == #"{"actor":"ann \"a\"\n","kind":"grant.approved","payload":{"by":["x"]},"subject":"shop/Grant/web","time":"2026-11-27T13:00:00Z","version":1}"#
        )
        let read = try Entry(entry.bytes)
        #expect(read == entry && read.actor == "ann \"a\"\n" && read.payload == Array(#"{"by":["x"]}"#.utf8))
        try CanonicalJSON.check(entry.bytes)
    }

    @Test(arguments: [
        #"{"actor":"a","kind":"k","payload":{},"subject":"s","time":"2026-11-27T13:00:00Z","version":2}"#,
        #"{"actor":"a","kind":"k","payload":{},"subject":"s","time":"2026-11-27T13:00:00Z"}"#,
        #"{"actor":"a","extra":1,"kind":"k","payload":{},"subject":"s","time":"2026-11-27T13:00:00Z","version":1}"#,
        #"{"actor":"a","kind":"","payload":{},"subject":"s","time":"2026-11-27T13:00:00Z","version":1}"#,
        #"{"actor":"a","kind":"k","payload":[],"subject":"s","time":"2026-11-27T13:00:00Z","version":1}"#,
        #"{"actor":1,"kind":"k","payload":{},"subject":"s","time":"2026-11-27T13:00:00Z","version":1}"#,
        #"{"actor":"a","kind":"k","payload":{},"subject":"s","time":"2026-13-27T13:00:00Z","version":1}"#,
        #"{"actor":"a","kind":"k","payload":{},"subject":"s","time":"2026-11-27T13:00:00+00:00","version":1}"#,
        #"{"actor":"a","kind":"k","payload":{},"subject":"s","time":"2026-11-27 13:00:00Z","version":1}"#,
        #"{"actor":"a","kind":"k","payload":{},"subject":"s","time":"2026-11-27T24:00:00Z","version":1}"#,
    ])
    func otherEntriesAreRefused(text: String) { #expect(throws: EntryError.self) { try Entry(Array(text.utf8)) } }

    /// What was written is read again, whatever its parts hold.
    @Test(arguments: ["\u{01}026-11-27T13:00:00Z", "2026-11-27T13:00:00", "\"}2026-11-27T13:00:00Z", ""])
    func otherTimesAreNotWritten(time: String) {
        #expect(throws: EntryError.self) { try Entry(kind: "k", actor: "a", subject: "s", time: time) }
    }

    @Test func lengthIsBounded() throws {
        let rest = try Entry(kind: "k", actor: "", subject: "s", time: "2026-11-27T13:00:00Z").bytes.count
        func entry(_ length: Int) throws -> Entry {
            try Entry(kind: "k", actor: String(repeating: "a", count: length - rest), subject: "s", time: "2026-11-27T13:00:00Z")
        }
        #expect(try entry(65_535).bytes.count == 65_535)
        #expect(throws: EntryError.self) { try entry(65_536) }
    }
}
