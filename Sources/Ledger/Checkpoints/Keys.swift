internal import Crypto

/// What a key signs, by the byte that c2sp.org/signed-note gives it.
public enum KeyKind: UInt8, Sendable {
    /// The text of a note as it is.
    case ed25519 = 0x01
    /// A checkpoint with the time at which a witness saw that it adds to the one before (c2sp.org/tlog-cosignature).
    case cosignature = 0x04
}

/// A public key with its name: who is trusted to sign. Its text form (a *vkey*) is
/// `NAME+IDENTIFIER+BASE64`, as programs around transparency logs exchange it.
public struct VerifierKey: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    public let kind: KeyKind
    /// 32 bytes (RFC 8032).
    public let publicKey: [UInt8]

    init(name: String, kind: KeyKind, publicKey: [UInt8]) {
        self.name = name
        self.kind = kind
        self.publicKey = publicKey
    }

    /// Reads a vkey.
    public init(_ text: some StringProtocol) throws(NoteError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, KeyName.isValid(parts[0]), let bytes = Base64.bytes(of: parts[2]), let first = bytes.first else {
            throw NoteError("'\(text)' is no verifier key; it looks like NAME+0123abcd+BASE64")
        }
        guard let kind = KeyKind(rawValue: first), bytes.count == 33 else {
            throw NoteError("key '\(parts[0])' is of no known kind; Ed25519 keys (01) and their cosignatures (04) have 32 bytes")
        }
        self.init(name: String(parts[0]), kind: kind, publicKey: Array(bytes.dropFirst()))
        guard parts[1] == Self.hexadecimal(keyID) else {
            throw NoteError(
                "key '\(name)' says its identifier is \(parts[1]), and it is \(Self.hexadecimal(keyID)); take the key anew from its owner")
        }
    }

    /// The first four bytes of the hash over name, kind and key. It tells keys apart and proves nothing.
    public var keyID: UInt32 {
        SHA256.hash(data: Array(name.utf8) + [0x0A, kind.rawValue] + publicKey).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    public var description: String { "\(name)+\(Self.hexadecimal(keyID))+\(Base64.text(of: [kind.rawValue] + publicKey))" }

    static func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }

    /// - Returns: the time that a cosignature states.
    func check(_ signature: SignedNote.Signature, over text: String) throws(NoteError) -> UInt64? {
        let wrong = NoteError("the signature of \(name) is wrong: the text or the signature was changed")
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
            throw NoteError("key '\(name)' is no point of its curve")
        }
        switch kind {
        case .ed25519:
            guard key.isValidSignature(signature.bytes, for: Array(text.utf8)) else { throw wrong }
            return nil
        case .cosignature:
            guard signature.bytes.count == 72 else { throw NoteError("the cosignature of \(name) has \(signature.bytes.count) bytes instead of 72") }
            let time = signature.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard time <= UInt64(Int64.max) else { throw NoteError("the cosignature of \(name) states a time beyond 63 bits") }
            let isValid = key.isValidSignature(Array(signature.bytes.dropFirst(8)), for: Cosignature.message(over: text, at: time))
            guard isValid else { throw wrong }
            return time
        }
    }
}

/// A private key with its name. Its text form (an *skey*) is `PRIVATE+KEY+NAME+IDENTIFIER+BASE64`. Printed, it shows
/// no more than its public half.
public struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    public let name: String
    public let kind: KeyKind
    private let key: Curve25519.Signing.PrivateKey

    /// A new key.
    public init(name: String, kind: KeyKind = .ed25519) throws(NoteError) {
        guard KeyName.isValid(name) else {
            throw NoteError("'\(name)' is no name for a key; it has no spaces and no '+', such as example.com/ledger")
        }
        self.init(name: name, kind: kind, key: Curve25519.Signing.PrivateKey())
    }

    private init(name: String, kind: KeyKind, key: Curve25519.Signing.PrivateKey) {
        self.name = name
        self.kind = kind
        self.key = key
    }

    /// Reads an skey. Errors do not repeat it.
    public init(_ text: some StringProtocol) throws(NoteError) {
        let parts = text.split(separator: "+", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "PRIVATE", parts[1] == "KEY", KeyName.isValid(parts[2]),
            let bytes = Base64.bytes(of: parts[4]), bytes.count == 33, let kind = KeyKind(rawValue: bytes[0]),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes.dropFirst())
        else { throw NoteError("this is no signing key; it looks like PRIVATE+KEY+NAME+0123abcd+BASE64") }
        self.init(name: String(parts[2]), kind: kind, key: key)
        guard parts[3] == VerifierKey.hexadecimal(verifier.keyID) else {
            throw NoteError("the signing key of '\(name)' does not fit its identifier; take it anew from its backup")
        }
    }

    /// The public half, to hand out.
    public var verifier: VerifierKey { VerifierKey(name: name, kind: kind, publicKey: Array(key.publicKey.rawRepresentation)) }

    /// The same key as a witness uses it.
    public var cosigning: SigningKey { SigningKey(name: name, kind: .cosignature, key: key) }

    /// The whole key, for a file that only its owner reads.
    public var secretText: String {
        "PRIVATE+KEY+\(name)+\(VerifierKey.hexadecimal(verifier.keyID))+\(Base64.text(of: [kind.rawValue] + key.rawRepresentation))"
    }

    public var description: String { "signing key of \(verifier)" }
    public var customMirror: Mirror { Mirror(self, children: ["verifier": verifier]) }

    /// Signs a note's text. A cosigning key states `time`, seconds since 1970.
    public func sign(_ text: String, at time: UInt64 = 0) throws(NoteError) -> SignedNote.Signature {
        let message = kind == .ed25519 ? Array(text.utf8) : Cosignature.message(over: text, at: time)
        guard let signature = try? key.signature(for: message) else { throw NoteError("the key of \(name) cannot sign") }
        let stamp = kind == .ed25519 ? [] : (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * $0)) }
        return SignedNote.Signature(name: name, keyID: verifier.keyID, bytes: stamp + Array(signature))
    }
}

/// What a witness signs.
enum Cosignature {
    static func message(over text: String, at time: UInt64) -> [UInt8] { Array("cosignature/v1\ntime \(time)\n\(text)".utf8) }
}
