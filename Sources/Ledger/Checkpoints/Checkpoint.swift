/// What a ledger commits to at one size (c2sp.org/tlog-checkpoint): whoever keeps one can tell later whether anything
/// before it was changed.
public struct Checkpoint: Hashable, Sendable {
    /// The ledger's own name.
    public let origin: String
    /// The number of entries.
    public let size: Int
    public let root: TreeHash
    /// Further lines; Demarc writes none and gives them no meaning.
    public let extensions: [String]

    public init(origin: String, size: Int, root: TreeHash) {
        self.origin = origin
        self.size = size
        self.root = root
        extensions = []
    }

    /// Reads a note's text.
    public init(_ text: String) throws(NoteError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }), text.utf8.last == UInt8(ascii: "\n") else {
            throw NoteError("a checkpoint has three lines: origin, number of entries, root")
        }
        guard let size = Int(lines[1]), String(size) == lines[1], size >= 0 else {
            throw NoteError("the checkpoint's size '\(lines[1])' is no number of entries")
        }
        guard let root = Base64.bytes(of: lines[2]).flatMap(TreeHash.init) else {
            throw NoteError("the checkpoint's root '\(lines[2])' is not the base64 form of 32 bytes")
        }
        if size == 0, root != .empty { throw NoteError("the checkpoint is of no entries, and its root is not that of an empty tree") }
        origin = String(lines[0])
        self.size = size
        self.root = root
        extensions = lines.dropFirst(3).map(String.init)
    }

    /// The text that is signed.
    public var text: String { ([origin, String(size), root.description] + extensions).map { $0 + "\n" }.joined() }

    /// The checkpoint with the signatures of these keys.
    public func signed(by keys: [SigningKey], at time: UInt64 = 0) throws(NoteError) -> SignedCheckpoint {
        var signatures: [SignedNote.Signature] = []
        for key in keys { signatures.append(try key.sign(text, at: time)) }
        return SignedCheckpoint(checkpoint: self, note: SignedNote(text: text, signatures: signatures))
    }
}

/// A checkpoint with the note that it was read from. The signatures are not checked yet.
public struct SignedCheckpoint: Hashable, Sendable, CustomStringConvertible {
    public let checkpoint: Checkpoint
    public private(set) var note: SignedNote

    init(checkpoint: Checkpoint, note: SignedNote) {
        self.checkpoint = checkpoint
        self.note = note
    }

    public init(_ bytes: some Collection<UInt8>) throws(NoteError) {
        note = try SignedNote(bytes)
        checkpoint = try Checkpoint(note.text)
    }

    /// Adds the signature of a witness. Whoever calls it has checked that the checkpoint adds to the last one that
    /// this witness signed: that is what the signature says.
    public mutating func cosign(with key: SigningKey, at time: UInt64) throws(NoteError) {
        note.add(try key.cosigning.sign(note.text, at: time))
    }

    /// Adds signatures over the same text.
    mutating func add(_ signatures: [SignedNote.Signature]) {
        for signature in signatures { note.add(signature) }
    }

    /// The note as it is written.
    public var description: String { note.description }
}
