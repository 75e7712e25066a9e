/// Paths as URI references (RFC 3986).
enum URIReference {
    /// A relative reference for a relative path, a `file` URI for an absolute one. A colon in the first segment is escaped,
    /// since it would read as a scheme.
    static func text(forPath path: String) -> String {
        let path = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        var writer = ByteWriter(chunk: 128)
        if path.hasPrefix("/") { writer.text("file://") }
        for byte in path.utf8 {
            if isUnreserved(byte) {
                writer.byte(byte)
            } else {
                writer.byte(UInt8(ascii: "%"))
                writer.byte(upper(byte >> 4))
                writer.byte(upper(byte & 15))
            }
        }
        return String(decoding: writer.take(), as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    private static func upper(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
