import Crypto

/// UUIDs that are the same whenever they name the same thing, so that two reports can be compared.
enum StableUUID {
    /// A version 5 UUID (RFC 9562) of a name in the URL namespace. SHA-1 is what the standard asks for; nothing relies on its strength.
    static func text(_ kind: String, _ key: String) -> String {
        var bytes = digest(Array("https://demarc.dev/ns/oscal/\(kind)#\(key)".utf8), in: urlNamespace)
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        let text = hexadecimal(bytes[0..<16])
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: text[$0], as: UTF8.self) }.joined(separator: "-")
    }

    /// Sixteen hexadecimal digits that name a key, for names of objects.
    static func shortName(_ key: String) -> String {
        String(decoding: hexadecimal(digest(Array(key.utf8), in: [])[0..<8]), as: UTF8.self)
    }

    private static func digest(_ bytes: [UInt8], in namespace: [UInt8]) -> [UInt8] {
        var hash = Insecure.SHA1()
        namespace.withUnsafeBytes { hash.update(bufferPointer: $0) }
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.flatMap { [hexadecimalDigit($0 >> 4), hexadecimalDigit($0 & 15)] }
    }

    /// 6ba7b811-9dad-11d1-80b4-00c04fd430c8
    private static let urlNamespace: [UInt8] = [0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8]
}
