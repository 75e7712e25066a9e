import Crypto

/// `sha256:` and 64 hexadecimal digits, the way image digests are written.
public enum Digest {
    public static func sha256(_ bytes: [UInt8]) -> String {
        var hasher = SHA256()
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        var text = "sha256:"
        for byte in hasher.finalize() { text += hexadecimal(byte) }
        return text
    }
}

/// Two digits.
private func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.utf8.count == 1 ? "0" + digits : digits
}

extension Digest {
    /// Whether a text is written exactly as a digest: small letters, nothing around it.
    public static func isSHA256(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 71, text.hasPrefix("sha256:") else { return false }
        return bytes.dropFirst(7).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
