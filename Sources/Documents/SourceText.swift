/// The bytes of a source as UTF-8 without a byte order mark, or why they are no text.
enum SourceText {
    /// - Throws: an `encoding` problem for what is no text at all, such as an archive: one for the whole source.
    /// - Parameter syntax: what it must be, where that is known. In JSON a NUL is an error wherever it stands, so none is looked for.
    static func normalise(_ bytes: [UInt8], source: String, syntax: Syntax? = nil) throws(DocumentProblem) -> [UInt8] {
        if bytes.starts(with: [0xFF, 0xFE]) { return try transcode(bytes.dropFirst(2), bigEndian: false, source: source) }
        if bytes.starts(with: [0xFE, 0xFF]) { return try transcode(bytes.dropFirst(2), bigEndian: true, source: source) }
        if isUTF16(bytes) {
            throw problem("this looks like UTF-16 without a byte order mark, which kubectl refuses; save it as UTF-8", source)
        }
        // What git does to tell text from anything else.
        if syntax != .json, bytes.withUnsafeBufferPointer({ JSONBytes.holdNUL(UnsafeBufferPointer(rebasing: $0.prefix(8_000))) }) {
            throw problem("this is no text but a binary file (it holds NUL bytes)", source)
        }
        if bytes.starts(with: [0x1F, 0x8B]) { throw problem("this is no text but a gzip archive; unpack it first", source) }
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// Whether every other byte of the beginning is NUL, as in Latin text in UTF-16.
    private static func isUTF16(_ bytes: [UInt8]) -> Bool {
        let start = bytes.prefix(64)
        guard start.count >= 4, start.count % 2 == 0 || start.count == 64 else { return false }
        let even = stride(from: 0, to: start.count, by: 2).allSatisfy { start[$0] == 0 && start[$0 + 1] != 0 }
        let odd = stride(from: 0, to: start.count, by: 2).allSatisfy { start[$0] != 0 && start[$0 + 1] == 0 }
        return even || odd
    }

    private static func transcode(_ bytes: ArraySlice<UInt8>, bigEndian: Bool, source: String) throws(DocumentProblem) -> [UInt8] {
        guard bytes.count % 2 == 0 else { throw problem("the text is UTF-16 by its byte order mark, but ends inside a character", source) }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 2 + bytes.count / 8)
        var decoder = UTF16()
        let high = bigEndian ? 0 : 1
        var units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).lazy.map { position in
            UInt16(bytes[position + high]) << 8 | UInt16(bytes[position + 1 - high])
        }.makeIterator()
        var line = 1
        while true {
            switch decoder.decode(&units) {
            case .scalarValue(let scalar):
                if scalar == "\n" { line += 1 }
                UTF8.encode(scalar).map { text.append(contentsOf: $0) }
            case .emptyInput: return text
            case .error:
                throw DocumentProblem(
                    source: source, position: Position(line: line, column: 1), reason: .encoding,
                    message: "half of a surrogate pair in UTF-16 text; save it as UTF-8")
            }
        }
    }

    private static func problem(_ message: String, _ source: String) -> DocumentProblem {
        DocumentProblem(source: source, position: nil, reason: .encoding, message: message)
    }
}
