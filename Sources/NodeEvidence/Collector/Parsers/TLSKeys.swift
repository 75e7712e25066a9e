internal import Crypto
internal import FoundationEssentials

/// The keys that protect a server's side of a TLS 1.3 handshake (RFC 8446, 7.1 and 7.3), for the one suite that is offered, TLS_AES_128_GCM_SHA256.
struct TLSKeys {
    private let key: SymmetricKey
    private let vector: [UInt8]

    /// - Parameters:
    ///   - secret: what both sides' X25519 keys give.
    ///   - transcript: ClientHello and ServerHello.
    init(secret: [UInt8], transcript: [UInt8]) {
        let empty = Array(SHA256.hash(data: [UInt8]()))
        let none = [UInt8](repeating: 0, count: 32)
        let early = Array(HKDF<SHA256>.extract(inputKeyMaterial: SymmetricKey(data: none), salt: none))
        let derived = TLSKeys.expand(early, "derived", empty, 32)
        let handshake = Array(HKDF<SHA256>.extract(inputKeyMaterial: SymmetricKey(data: secret), salt: derived))
        let traffic = TLSKeys.expand(handshake, "s hs traffic", Array(SHA256.hash(data: transcript)), 32)
        key = SymmetricKey(data: TLSKeys.expand(traffic, "key", [], 16))
        vector = TLSKeys.expand(traffic, "iv", [], 12)
    }

    /// HKDF-Expand-Label.
    private static func expand(_ secret: [UInt8], _ label: String, _ context: [UInt8], _ count: Int) -> [UInt8] {
        let label = Array("tls13 \(label)".utf8)
        let info = [0, UInt8(count), UInt8(label.count)] + label + [UInt8(context.count)] + context
        return HKDF<SHA256>.expand(pseudoRandomKey: SymmetricKey(data: secret), info: info, outputByteCount: count).withUnsafeBytes { Array($0) }
    }

    /// The inside of a protected record: its content and, as the last byte that is not zero, its true type.
    func open(_ record: TLSHandshake.Record, number: Int) -> (type: UInt8, content: [UInt8])? {
        guard record.content.count > 16 else { return nil }
        var nonce = vector
        for index in 0..<8 { nonce[11 - index] ^= UInt8(truncatingIfNeeded: number >> (index * 8)) }
        guard
            let sealed = try? AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: nonce), ciphertext: record.content.dropLast(16), tag: record.content.suffix(16)),
            let opened = try? AES.GCM.open(sealed, using: key, authenticating: record.header)
        else { return nil }
        var content = [UInt8](opened)
        while content.last == 0 { content.removeLast() }
        guard let type = content.popLast() else { return nil }
        return (type, content)
    }
}

/// One conversation of version 1.3, up to the certificates.
struct TLSConversation {
    let hello: [UInt8]
    private let key = Curve25519.KeyAgreement.PrivateKey()

    init(random: [UInt8]) {
        hello = TLSHandshake.clientHello(.three, random: random, share: [UInt8](key.publicKey.rawRepresentation))
    }

    /// What the server has answered so far.
    func answer(_ bytes: [UInt8]) -> TLSHandshake.Answer {
        guard let records = TLSHandshake.records(bytes) else { return .noTLS }
        if let alert = records.first(where: { $0.type == 21 }), alert.content.count == 2 { return .alert(alert.content[1]) }
        let plain = records.filter { $0.type == 22 }.flatMap(\.content)
        guard let server = TLSHandshake.messages(plain).first(where: { $0.type == 2 }) else { return .incomplete }
        guard let share = TLSHandshake.serverShare(server.body), let theirs = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: share),
            let secret = try? key.sharedSecretFromKeyAgreement(with: theirs)
        else { return .noTLS }
        let keys = TLSKeys(secret: secret.withUnsafeBytes { Array($0) }, transcript: hello + server.whole)
        var handshake: [UInt8] = []
        for (number, record) in records.filter({ $0.type == 23 }).enumerated() {
            guard let opened = keys.open(record, number: number) else { return .noTLS }
            if opened.type == 21, opened.content.count == 2 { return .alert(opened.content[1]) }
            if opened.type == 22 { handshake += opened.content }
        }
        guard let certificate = TLSHandshake.messages(handshake).first(where: { $0.type == 11 }) else { return .incomplete }
        return .certificates(TLSHandshake.certificates(certificate.body[...], hasExtensions: true) ?? [])
    }
}
