/// As much of TLS as it takes to be shown a server's certificates: a ClientHello of version 1.2, in which the server sends them unprotected (RFC 5246, 7.4),
/// and, for servers that want 1.3, the keys of the handshake (RFC 8446, 7.1) in `TLSKeys`.
///
/// Nothing is verified: what is shown is evidence, whoever shows it.
enum TLSHandshake {
    enum Version { case two, three }

    /// What a server has answered so far.
    enum Answer: Equatable {
        case incomplete
        case certificates([[UInt8]])
        /// The server's alert (RFC 8446, 6): 70 is that the version is too old.
        case alert(UInt8)
        case noTLS
    }

    // MARK: - ClientHello

    /// - Parameters:
    ///   - random: 32 bytes.
    ///   - share: the public key of X25519 for version 1.3.
    static func clientHello(_ version: Version, random: [UInt8], share: [UInt8] = []) -> [UInt8] {
        let suites: [UInt16] =
            switch version {
            // ECDHE with AES-GCM and ChaCha20, and what old servers have.
            case .two: [0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC009, 0xC013, 0xC00A, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035]
            case .three: [0x1301]
            }
        var extensions: [UInt8] = []
        // supported_groups: X25519, P-256, P-384, P-521; ec_point_formats: uncompressed.
        extensions += self.extension(10, vector16(pairs([0x001D, 0x0017, 0x0018, 0x0019])))
        extensions += self.extension(11, [1, 0])
        // signature_algorithms: ECDSA, RSA-PSS, RSA PKCS#1, Ed25519.
        extensions += self.extension(13, vector16(pairs([0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0401, 0x0501, 0x0601, 0x0201])))
        if version == .three {
            extensions += self.extension(43, [2, 3, 4])
            extensions += self.extension(51, vector16(pairs([0x001D]) + vector16(share)))
        }
        var body: [UInt8] = [3, 3] + random + [0]
        body += vector16(pairs(suites)) + [1, 0] + vector16(extensions)
        return [1] + length24(body.count) + body
    }

    /// A record that holds a handshake message.
    static func record(_ message: [UInt8]) -> [UInt8] { [22, 3, 1] + vector16(message) }

    private static func `extension`(_ type: UInt16, _ content: [UInt8]) -> [UInt8] { pairs([type]) + vector16(content) }
    private static func pairs(_ numbers: [UInt16]) -> [UInt8] { numbers.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }
    private static func vector16(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
    }
    private static func length24(_ count: Int) -> [UInt8] { [16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } }

    // MARK: - Records and messages

    struct Record {
        var type: UInt8
        /// The five bytes before the content, which protection covers too.
        var header: [UInt8]
        var content: [UInt8]
    }

    /// The records that are there as a whole; nil for what is no TLS.
    static func records(_ bytes: [UInt8]) -> [Record]? {
        var records: [Record] = []
        var position = 0
        while position + 5 <= bytes.count {
            let length = Int(bytes[position + 3]) << 8 | Int(bytes[position + 4])
            guard (20...23).contains(bytes[position]), bytes[position + 1] == 3, length <= 1 << 14 + 256 else { return nil }
            guard position + 5 + length <= bytes.count else { break }
            let content = Array(bytes[(position + 5)..<(position + 5 + length)])
            records.append(Record(type: bytes[position], header: Array(bytes[position..<position + 5]), content: content))
            position += 5 + length
        }
        return records
    }

    struct Message {
        var type: UInt8
        var body: [UInt8]
        /// As it counts for the transcript.
        var whole: [UInt8]
    }

    /// The handshake messages that are there as a whole.
    static func messages(_ bytes: [UInt8]) -> [Message] {
        var messages: [Message] = []
        var position = 0
        while position + 4 <= bytes.count {
            let length = Int(bytes[position + 1]) << 16 | Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard position + 4 + length <= bytes.count else { break }
            let whole = Array(bytes[position..<(position + 4 + length)])
            messages.append(Message(type: bytes[position], body: Array(whole[4...]), whole: whole))
            position += 4 + length
        }
        return messages
    }

    /// What a server of version 1.2 has answered.
    static func answer(_ bytes: [UInt8]) -> Answer {
        if let first = bytes.first, !(20...23).contains(first) { return .noTLS }
        guard let records = records(bytes) else { return .noTLS }
        if let alert = records.first(where: { $0.type == 21 }), alert.content.count == 2 { return .alert(alert.content[1]) }
        let messages = messages(records.filter { $0.type == 22 }.flatMap(\.content))
        guard let certificate = messages.first(where: { $0.type == 11 }) else { return .incomplete }
        return .certificates(certificates(certificate.body[...]) ?? [])
    }

    /// A list of certificates, each behind its length; in version 1.3 behind a context and each followed by extensions (RFC 8446, 4.4.2).
    static func certificates(_ body: ArraySlice<UInt8>, hasExtensions: Bool = false) -> [[UInt8]]? {
        var rest = body
        func take(_ width: Int) -> ArraySlice<UInt8>? {
            guard rest.count >= width else { return nil }
            let length = rest.prefix(width).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(width)
            guard rest.count >= length else { return nil }
            defer { rest = rest.dropFirst(length) }
            return rest.prefix(length)
        }
        if hasExtensions, take(1) == nil { return nil }
        guard let list = take(3) else { return nil }
        rest = list
        var certificates: [[UInt8]] = []
        while !rest.isEmpty {
            guard let certificate = take(3) else { return nil }
            certificates.append(Array(certificate))
            if hasExtensions, take(2) == nil { return nil }
        }
        return certificates
    }

    /// The share of the server's key in its ServerHello of version 1.3, with the suite it chose; nil where there is none.
    static func serverShare(_ hello: [UInt8]) -> [UInt8]? {
        // version, random, session id, suite, compression, extensions.
        guard hello.count > 35, hello.count > 39 + Int(hello[34]) else { return nil }
        var rest = hello[(35 + Int(hello[34]))...]
        guard rest.starts(with: [0x13, 0x01]) else { return nil }
        rest = rest.dropFirst(5)
        while rest.count >= 4 {
            let bytes = Array(rest.prefix(4))
            let length = Int(bytes[2]) << 8 | Int(bytes[3])
            rest = rest.dropFirst(4)
            guard rest.count >= length else { return nil }
            // key_share: group, length, key.
            if bytes[0] == 0, bytes[1] == 51, rest.starts(with: [0, 0x1D, 0, 32]), length == 36 { return Array(rest.prefix(36).dropFirst(4)) }
            rest = rest.dropFirst(length)
        }
        return nil
    }
}
