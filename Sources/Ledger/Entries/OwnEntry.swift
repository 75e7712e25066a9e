/// Entries that the ledger writes about itself. Their kinds begin with `ledger.`, which nobody else may use.
enum OwnEntry: Hashable {
    /// The first entry: the ledger's name and its first key.
    case opened(origin: String, key: VerifierKey)
    /// From the checkpoint after this entry on, another key signs. That checkpoint is signed by both.
    case rotated(from: VerifierKey, to: VerifierKey)

    static let prefix = "ledger."
    private static let openedKind = "ledger.opened"
    private static let rotatedKind = "ledger.key.rotated"

    var kind: String {
        switch self {
        case .opened: Self.openedKind
        case .rotated: Self.rotatedKind
        }
    }

    func entry(by actor: String, at time: String) throws(EntryError) -> Entry {
        let payload =
            switch self {
            case .opened(let origin, let key): Self.payload(("key", "\(key)"), ("origin", origin))
            case .rotated(let old, let new): Self.payload(("from", "\(old)"), ("to", "\(new)"))
            }
        let subject =
            switch self {
            case .opened(let origin, _): origin
            case .rotated(let old, _): old.name
            }
        return try Entry(kind: kind, actor: actor, subject: subject, time: time, payload: payload)
    }

    /// Reads an entry of the ledger's own.
    /// - Returns: nil for entries of others.
    /// - Throws: for one that has the ledger's prefix and is none of these.
    init?(_ parts: EntryParts, in bytes: Span<UInt8>) throws(EntryError) {
        guard Self.isOwn(parts.kind, in: bytes) else { return nil }
        let kind = CanonicalScanner.text(parts.kind, in: bytes)
        do {
            switch kind {
            case Self.openedKind:
                let (key, origin) = try Self.members("key", "origin", of: parts.payload, in: bytes)
                self = .opened(origin: origin, key: try VerifierKey(key))
            case Self.rotatedKind:
                let (old, new) = try Self.members("from", "to", of: parts.payload, in: bytes)
                self = .rotated(from: try VerifierKey(old), to: try VerifierKey(new))
            default: throw EntryError("no entry of the ledger itself is of kind '\(kind)'")
            }
        } catch let error as NoteError {
            throw EntryError(error.description)
        } catch let error as EntryError {
            throw error
        } catch {
            throw EntryError("\(error)")
        }
    }

    /// Looks at the bytes only: nearly all entries are of others.
    static func isOwn(_ kind: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard kind.count >= prefix.utf8.count else { return false }
        return prefix.utf8.enumerated().allSatisfy { bytes[kind.lowerBound + $0.offset] == $0.element }
    }

    private static func payload(_ first: (String, String), _ second: (String, String)) -> [UInt8] {
        Array("{\"\(first.0)\":\(CanonicalJSON.quoted(first.1)),\"\(second.0)\":\(CanonicalJSON.quoted(second.1))}".utf8)
    }

    /// The two members of a payload, which has no others.
    private static func members(
        _ first: String, _ second: String, of payload: Range<Int>, in bytes: Span<UInt8>
    ) throws(EntryError) -> (String, String) {
        var scanner = CanonicalScanner(at: payload.lowerBound)
        var values: [String] = []
        for (name, mark) in [(first, "{"), (second, ",")] {
            for byte in mark.utf8 { try scanner.expect(byte, in: bytes) }
            guard CanonicalScanner.text(try scanner.string(in: bytes), in: bytes) == name else { throw scanner.error("'\(name)' is expected") }
            try scanner.expect(UInt8(ascii: ":"), in: bytes)
            values.append(CanonicalScanner.text(try scanner.string(in: bytes), in: bytes))
        }
        try scanner.expect(UInt8(ascii: "}"), in: bytes)
        return (values[0], values[1])
    }
}
