import Testing

@testable import Ledger

/// Keys, notes and checkpoints. The key is that of RFC 8032, section 7.1, test 1; key identifiers were made with Python's
/// hashlib and signatures with OpenSSL.
struct CheckpointTests {
    static let verifier = "ledger.example/one+b8cfcae7+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
    static let secret = "PRIVATE+KEY+ledger.example/one+b8cfcae7+AZ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
    static let witness = "witness.example/w1+eb762cc2+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
    static let text = "ledger.example/one\n5\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc=\n"
    static let signature = "— ledger.example/one uM/K5wNJkojWlqnN4CLBZl2UOqZ77VVZhypLz73VTCAgOUa/EjBrYpE7uBpUdxCbgiAINvTC4INsO9IMR5ZnfXA1OgQ=\n"
    static let cosignature =
        "— witness.example/w1 63YswgAAAABpKD1A8dIxDcwNbt/kkiht19hHuPleI/eOewshpGXPe8jklAHZPjuxySVqWpGpm6n+c6R1MHKngX+tuL5f/N/+9x8iBQ==\n"

    private func note(_ text: String) throws -> SignedNote { try SignedNote(Array(text.utf8)) }

    @Test func textFormsAreThoseOfAnotherProgram() throws {
        let key = try SigningKey(Self.secret)
        #expect(key.verifier.description == Self.verifier)
        #expect(key.secretText == Self.secret)
        #expect(try VerifierKey(Self.verifier) == key.verifier)
        #expect(try VerifierKey(Self.witness).kind == .cosignature)
    }

    @Test func aSignedCheckpointOfAnotherProgramVerifies() throws {
        let signed = try SignedCheckpoint(Array((Self.text + "\n" + Self.signature + Self.cosignature).utf8))
        #expect(signed.checkpoint.size == 5 && signed.checkpoint.origin == "ledger.example/one")
        #expect(signed.checkpoint.root == MemoryTree(5).range.root)
        let verified = try signed.note.verified(by: [VerifierKey(Self.verifier), VerifierKey(Self.witness)])
        #expect(verified.map(\.time) == [nil, 1_764_244_800])
        #expect(verified.map(\.key.name) == ["ledger.example/one", "witness.example/w1"])
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let key = try SigningKey(Self.secret)
        var signed = try Checkpoint(origin: key.name, size: 5, root: MemoryTree(5).range.root).signed(by: [key])
        let witness = try SigningKey(name: "witness.example/w2")
        try signed.cosign(with: witness, at: 1_764_244_801)
        #expect(signed.note.text == Self.text)
        let read = try SignedCheckpoint(Array(signed.description.utf8))
        #expect(read == signed)
        let verified = try read.note.verified(by: [key.verifier, witness.cosigning.verifier])
        #expect(verified.map(\.time) == [nil, 1_764_244_801])
        // Cosigned again, the later statement replaces the earlier one.
        try signed.cosign(with: witness, at: 1_764_244_900)
        #expect(signed.note.signatures.count == 2)
        #expect(try signed.note.verified(by: [witness.cosigning.verifier]).map(\.time) == [1_764_244_900])
    }

    /// Of others, even of the same name or the same identifier, nothing is said; there must be a known one, though.
    @Test func unknownSignaturesAreIgnored() throws {
        let key = try VerifierKey(Self.verifier)
        let sameName = Self.signature.replacing("uM/K5w", with: "AAAA5w")
        let sameIdentifier = Self.signature.replacing("— ledger", with: "— legder")
        #expect(try note(Self.text + "\n" + sameName + sameIdentifier + Self.signature).verified(by: [key]).count == 1)
        #expect(throws: NoteError.self) { try note(Self.text + "\n" + sameName + sameIdentifier).verified(by: [key]) }
        #expect(throws: NoteError.self) { try note(Self.text + "\n" + Self.signature).verified(by: []) }
    }

    /// A wrong signature of a known key spoils the note, whatever else signs it.
    @Test func wrongSignaturesOfKnownKeysAreRefused() throws {
        let keys = [try VerifierKey(Self.verifier), try VerifierKey(Self.witness)]
        let wrong = Self.signature.replacing("uM/K5wNJ", with: "uM/K5wNK")
        #expect(throws: NoteError.self) { try note(Self.text + "\n" + Self.cosignature + wrong).verified(by: keys) }
        let otherTime = Self.cosignature.replacing("AAAABpKD1A", with: "AAAABpKD1B")
        #expect(throws: NoteError.self) { try note(Self.text + "\n" + Self.signature + otherTime).verified(by: keys) }
        let otherText = Self.text.replacing("\n5\n", with: "\n6\n")
        #expect(throws: NoteError.self) { try note(otherText + "\n" + Self.signature).verified(by: keys) }
    }

    @Test(arguments: [
        "", "\n", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n— name AAAA\n", "text\n\n— name AAAAAA==\n", "text\n\n-- name AAAAAAA=\n",
        "text\n\n—  name AAAAAAA=\n", "text\n\n— na+me AAAAAAA=\n", "text\n\n— name AAAAAAA=", "text\n\n— name AAAAAAA= \n",
        "text\n\n— name AAAAAAB=\n",
        "text\n\n— name AAAAAAA\n", "te\u{0}xt\n\n— name AAAAAAA=\n", "te\rxt\n\n— name AAAAAAA=\n", "text\n\n— na\u{2003}me AAAAAAA=\n",
        "text\n\n—name AAAAAAA=\n", "text\n\n— name AAAAAAA=\nmore\n", "text\n— name AAAAAAA=\n",
    ])
    func malformedNotesAreRefused(text: String) {
        #expect(throws: NoteError.self) { try note(text) }
    }

    @Test func limitsAreKept() throws {
        let many = (0..<64).map { "— name\($0) AAAAAAA=\n" }.joined()
        #expect(try note("text\n\n" + many).signatures.count == 64)
        #expect(throws: NoteError.self) { try note("text\n\n" + many + "— more AAAAAAA=\n") }
        #expect(throws: NoteError.self) { try note(String(repeating: "x", count: 1 << 19) + "\n\n— name AAAAAAA=\n") }
        #expect(throws: NoteError.self) { try SignedNote([0xFF, 0x0A, 0x0A] + Array("— name AAAAAAA=\n".utf8)) }
    }

    /// The text may have empty lines of its own.
    @Test func theLastEmptyLineEndsTheText() throws {
        let read = try note("one\n\ntwo\n\n— name AAAAAAA=\n")
        #expect(read.text == "one\n\ntwo\n" && read.signatures.map(\.name) == ["name"])
        #expect(read.description == "one\n\ntwo\n\n— name AAAAAAA=\n")
    }

    @Test(arguments: [
        "", "a\n", "a\n1\n", "\n1\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc=\n", "a\n01\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc=\n",
        "a\n-1\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc=\n", "a\n+1\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc=\n",
        "a\n99999999999999999999\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc=\n", "a\n1\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc\n",
        "a\n1\nAAAA\n", "a\n1\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc=\n\nx\n", "a\n0\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc=\n",
        "a\n1\ntnSPbtepnefahP2X4aO6xvq4mZ9KQ2lcq5Uoot5DEUc=",
    ])
    func malformedCheckpointsAreRefused(text: String) {
        #expect(throws: NoteError.self) { try Checkpoint(text) }
    }

    @Test func extensionLinesStayInTheText() throws {
        let text = Self.text + "more\n"
        #expect(try Checkpoint(text).extensions == ["more"])
        #expect(try Checkpoint(text).text == text)
    }

    @Test(arguments: [
        "", "a", "a+b8cfcae7", "a+b8cfcae7+AAAA", "a b+b8cfcae7+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
        "ledger.example/one+b8cfcae8+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
        "ledger.example/one+b8cfcae7+AtdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
        "ledger.example/two+b8cfcae7+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
        "ledger.example/one+B8CFCAE7+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
    ])
    func malformedKeysAreRefused(text: String) {
        #expect(throws: NoteError.self) { try VerifierKey(text) }
        #expect(throws: NoteError.self) { try SigningKey(text) }
    }

    /// Neither errors nor printing show the secret.
    @Test func secretsStayInside() throws {
        let key = try SigningKey(Self.secret)
        let secretPart = "AZ1hsZ3v"
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!"\(key)".contains(secretPart) && !String(reflecting: key).contains(secretPart) && !dumped.contains(secretPart))
        let broken = Self.secret.replacing("b8cfcae7", with: "b8cfcae8")
        do {
            _ = try SigningKey(broken)
            Issue.record("a key with a wrong identifier was taken")
        } catch { #expect(!error.description.contains(secretPart)) }
    }

    @Test(arguments: [[], [0], [1, 2], [1, 2, 3], [255, 254, 253, 252], Array(0...255)] as [[UInt8]])
    func base64GoesThereAndBack(bytes: [UInt8]) {
        #expect(Base64.bytes(of: Base64.text(of: bytes)) == bytes)
    }

    @Test(arguments: ["A", "AA", "AAA", "AA=A", "====", "A===", "AA==AA==", "AB==", "AAB=", "AA-_", "AA\n=", " AAA"])
    func base64HasOneFormOnly(text: String) { #expect(Base64.bytes(of: text) == nil) }
}
