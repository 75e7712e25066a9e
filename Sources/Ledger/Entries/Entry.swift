/// One line of the ledger: what happened, when, by whom, about what.
///
/// It is an object with exactly these keys, canonical JSON as a whole; its bytes are what the tree hashes:
///
///     {"actor":"…","kind":"…","payload":{…},"subject":"…","time":"2026-11-27T13:00:00Z","version":1}
///
/// The ledger gives `kind` and `payload` no meaning, except for its own kinds (`ledger.…`).
public struct Entry: Hashable, Sendable {
    /// The version of the form, not of the payload.
    public static let version = 1
    /// Entry bundles of tiles count lengths in 16 bits.
    public static let maximalLength = 65_535

    /// Such as `grant.approved`.
    public let kind: String
    /// Who did it, as the request was authenticated.
    public let actor: String
    /// What it is about.
    public let subject: String
    /// RFC 3339, in UTC, whole seconds.
    public let time: String
    /// The whole entry.
    public let bytes: [UInt8]
    private let payloadRange: Range<Int>

    /// The payload: a canonical JSON object.
    public var payload: [UInt8] { Array(bytes[payloadRange]) }

    public init(kind: String, actor: String, subject: String, time: String, payload: [UInt8] = Array("{}".utf8)) throws(EntryError) {
        var text: [UInt8] = []
        text.reserveCapacity(128 + payload.count)
        for (key, value) in [("{\"actor\":", actor), (",\"kind\":", kind)] {
            text += key.utf8
            CanonicalJSON.append(value, to: &text)
        }
        text += ",\"payload\":".utf8
        let start = text.count
        text += payload
        payloadRange = start..<text.count
        for (key, value) in [(",\"subject\":", subject), (",\"time\":", time)] {
            text += key.utf8
            CanonicalJSON.append(value, to: &text)
        }
        text += ",\"version\":\(Self.version)}".utf8
        // The rest is canonical by the way it was written; reading all of it again took as long as storing it.
        try EntryParts.checkLength(text.count)
        try EntryParts.checkPayload(payloadRange, in: text.span)
        try EntryParts.checkTime(0..<time.utf8.count, in: Array(time.utf8).span)
        guard !kind.isEmpty else { throw EntryParts.kindless }
        (self.kind, self.actor, self.subject, self.time, bytes) = (kind, actor, subject, time, text)
    }

    /// Reads an entry, strictly: a known version, these keys and no others, canonical.
    public init(_ bytes: [UInt8]) throws(EntryError) {
        let span = bytes.span
        let parts = try EntryParts(span)
        actor = CanonicalScanner.text(parts.actor, in: span)
        kind = CanonicalScanner.text(parts.kind, in: span)
        subject = CanonicalScanner.text(parts.subject, in: span)
        time = CanonicalScanner.text(parts.time, in: span)
        payloadRange = parts.payload
        self.bytes = bytes
    }
}

/// Where the parts of an entry lie, without taking them out: a verification looks at a million of them.
struct EntryParts {
    let actor: Range<Int>
    let kind: Range<Int>
    let payload: Range<Int>
    let subject: Range<Int>
    let time: Range<Int>

    init(_ bytes: Span<UInt8>) throws(EntryError) {
        try Self.checkLength(bytes.count)
        var scanner = CanonicalScanner()
        try scanner.expect(UInt8(ascii: "{"), in: bytes)
        actor = try Self.member("actor", in: bytes, with: &scanner)
        try scanner.expect(UInt8(ascii: ","), in: bytes)
        kind = try Self.member("kind", in: bytes, with: &scanner)
        try scanner.expect(UInt8(ascii: ","), in: bytes)
        try Self.key("payload", in: bytes, with: &scanner)
        let start = scanner.position
        guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { throw scanner.error("the payload is no object") }
        try scanner.value(in: bytes, depth: 1)
        payload = start..<scanner.position
        try scanner.expect(UInt8(ascii: ","), in: bytes)
        subject = try Self.member("subject", in: bytes, with: &scanner)
        try scanner.expect(UInt8(ascii: ","), in: bytes)
        time = try Self.member("time", in: bytes, with: &scanner)
        try Self.checkTime(time, in: bytes)
        try scanner.expect(UInt8(ascii: ","), in: bytes)
        try Self.key("version", in: bytes, with: &scanner)
        guard scanner.take(UInt8(ascii: "1"), in: bytes) else { throw scanner.error("the version is not 1; a newer Demarc wrote this") }
        try scanner.expect(UInt8(ascii: "}"), in: bytes)
        guard scanner.position == bytes.count else { throw scanner.error("more follows after the entry") }
        guard !kind.isEmpty else { throw Self.kindless }
    }

    static let kindless = EntryError("the entry's kind is empty")

    static func checkLength(_ count: Int) throws(EntryError) {
        guard count <= Entry.maximalLength else {
            throw EntryError("the entry has \(count) bytes, more than \(Entry.maximalLength); keep what is large elsewhere and its hash here")
        }
    }

    /// One object, and nothing behind it.
    static func checkPayload(_ range: Range<Int>, in bytes: Span<UInt8>) throws(EntryError) {
        var scanner = CanonicalScanner(at: range.lowerBound)
        guard !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: "{") else { throw scanner.error("the payload is no object") }
        try scanner.value(in: bytes, depth: 1)
        guard scanner.position == range.upperBound else { throw scanner.error("more follows after the payload") }
    }

    static func checkTime(_ range: Range<Int>, in bytes: Span<UInt8>) throws(EntryError) {
        guard isTime(range, in: bytes) else { throw CanonicalScanner(at: range.upperBound).error("the time is not like 2026-11-27T13:00:00Z") }
    }

    private static func key(_ name: StaticString, in bytes: Span<UInt8>, with scanner: inout CanonicalScanner) throws(EntryError) {
        let range = try scanner.string(in: bytes)
        var isName = range.count == name.utf8CodeUnitCount
        for offset in 0..<range.count where isName { isName = bytes[range.lowerBound + offset] == name.utf8Start[offset] }
        guard isName else { throw scanner.error("'\(name)' is expected; an entry has actor, kind, payload, subject, time, version") }
        try scanner.expect(UInt8(ascii: ":"), in: bytes)
    }

    private static func member(
        _ name: StaticString, in bytes: Span<UInt8>, with scanner: inout CanonicalScanner
    ) throws(EntryError) -> Range<Int> {
        try key(name, in: bytes, with: &scanner)
        return try scanner.string(in: bytes)
    }

    /// `2026-11-27T13:00:00Z`, with a month, day, hour, minute and second that can be.
    private static func isTime(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        let form: StaticString = "0000-00-00T00:00:00Z"
        guard range.count == form.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count {
            let (byte, expected) = (bytes[range.lowerBound + offset], form.utf8Start[offset])
            let fits = expected == UInt8(ascii: "0") ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) : byte == expected
            guard fits else { return false }
        }
        func number(_ offset: Int) -> Int {
            Int(bytes[range.lowerBound + offset] - UInt8(ascii: "0")) * 10 + Int(bytes[range.lowerBound + offset + 1] - UInt8(ascii: "0"))
        }
        return (1...12).contains(number(5)) && (1...31).contains(number(8)) && number(11) < 24 && number(14) < 60 && number(17) < 60
    }
}
