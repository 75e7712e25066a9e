/// A text with signatures below it (c2sp.org/signed-note): what checkpoints are written as.
public struct SignedNote: Hashable, Sendable {
    /// What is signed: lines, each with its newline.
    public let text: String
    public private(set) var signatures: [Signature]

    public struct Signature: Hashable, Sendable {
        /// The key's name; never a reason to trust it.
        public let name: String
        /// Four bytes that tell keys of one name apart.
        public let keyID: UInt32
        /// What the key made; the form is the key's kind.
        public let bytes: [UInt8]

        /// The line of a note, with its newline.
        var line: String {
            let identifier = (0..<4).map { UInt8(truncatingIfNeeded: keyID >> UInt32(24 - 8 * $0)) }
            return "— \(name) \(Base64.text(of: identifier + bytes))\n"
        }
    }

    /// A signature that was checked.
    public struct Verified: Hashable, Sendable {
        public let key: VerifierKey
        /// Seconds since 1970, which a cosignature states.
        public let time: UInt64?
    }

    /// Notes and signature lines beyond this are hostile: a signature of the largest kind in use has 5 kB.
    static let maximalLength = 1 << 19
    static let maximalSignatures = 64

    public init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note. Nothing in it may be believed before `verified(by:)`.
    public init(_ bytes: some Collection<UInt8>) throws(NoteError) {
        guard bytes.count <= Self.maximalLength else {
            throw NoteError("the note has \(bytes.count) bytes, more than \(Self.maximalLength)")
        }
        guard let whole = String(validating: bytes, as: UTF8.self) else { throw NoteError("the note is not UTF-8") }
        if let control = whole.unicodeScalars.first(where: { $0.value < 0x20 && $0 != "\n" }) {
            throw NoteError("the note has the control character U+\(String(control.value, radix: 16, uppercase: true)); only newlines are allowed")
        }
        // The text may have empty lines; the last one in the note ends it.
        let letters = Array(whole.utf8)
        let newline = UInt8(ascii: "\n")
        guard letters.last == newline, let end = letters.indices.dropFirst().last(where: { letters[$0] == newline && letters[$0 - 1] == newline })
        else { throw NoteError("a note is a text, an empty line, and signature lines that end in a newline") }
        text = String(decoding: letters[..<end], as: UTF8.self)
        let lines = letters[(end + 1)...].split(separator: newline, omittingEmptySubsequences: false).dropLast()
        guard !lines.isEmpty else { throw NoteError("the note has no signature") }
        guard lines.count <= Self.maximalSignatures else {
            throw NoteError("the note has \(lines.count) signatures, more than \(Self.maximalSignatures)")
        }
        signatures = []
        for (number, line) in lines.enumerated() {
            guard let signature = Self.signature(String(decoding: line, as: UTF8.self)) else {
                throw NoteError("signature line \(number + 1) is malformed: it is '— NAME BASE64', with one space each")
            }
            signatures.append(signature)
        }
    }

    private static func signature(_ line: String) -> Signature? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == "—", KeyName.isValid(words[1]), let bytes = Base64.bytes(of: words[2]), bytes.count > 4
        else { return nil }
        let keyID = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Signature(name: String(words[1]), keyID: keyID, bytes: Array(bytes.dropFirst(4)))
    }

    /// Checks the signatures of known keys; those of others are ignored, even when they share a name or an identifier.
    /// - Throws: when one of a known key is wrong, or there is none of a known key.
    public func verified(by keys: some Sequence<VerifierKey>) throws(NoteError) -> [Verified] {
        var verified: [Verified] = []
        for signature in signatures {
            for key in keys where key.name.utf8.elementsEqual(signature.name.utf8) && key.keyID == signature.keyID {
                verified.append(Verified(key: key, time: try key.check(signature, over: text)))
            }
        }
        guard !verified.isEmpty else {
            let signers = signatures.map(\.name).joined(separator: ", ")
            throw NoteError("none of its signatures (\(signers)) is by a known key")
        }
        return verified
    }

    /// Adds a signature, in the place of an earlier one by the same key.
    public mutating func add(_ signature: Signature) {
        signatures.removeAll { $0.name.utf8.elementsEqual(signature.name.utf8) && $0.keyID == signature.keyID }
        signatures.append(signature)
    }

    /// The note as it is written.
    public var description: String { text + "\n" + signatures.map(\.line).joined() }
}

/// What is wrong with a note, a checkpoint or a key.
public struct NoteError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Names of keys and logs.
enum KeyName {
    /// Not empty, without Unicode spaces and plus signs, which separate the parts of notes and keys.
    static func isValid(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20 }
    }
}
