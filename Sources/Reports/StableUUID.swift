import Crypto

/// UUIDs that are the same whenever they name the same thing, so that two reports can be compared.
enum StableUUID {
    /// A version 5 UUID (RFC 9562) of a name in the URL namespace. SHA-1 is what the standard asks for; nothing relies on its strength.
    static func text(_ kind: String, _ key: String) -> String {
        var bytes = digest(Array("https://demarc.dev/ns/oscal/\(kind)#\(key)".utf8), in: urlNamespace)
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.prefix(16).enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(hexadecimalDigit(byte >> 4))
            text.append(hexadecimalDigit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Sixteen hexadecimal digits that name a key, for names of objects.
    static func shortName(_ key: String) -> String {
        let digits = digest(Array(key.utf8), in: []).prefix(8).flatMap { [hexadecimalDigit($0 >> 4), hexadecimalDigit($0 & 15)] }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func digest(_ bytes: [UInt8], in namespace: [UInt8]) -> [UInt8] {
        var hash = Insecure.SHA1()
        namespace.withUnsafeBytes { hash.update(bufferPointer: $0) }
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    /// 6ba7b811-9dad-11d1-80b4-00c04fd430c8
    private static let urlNamespace: [UInt8] = [0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8]
}
