extension DocumentTree {
    /// Reads a YAML stream, document by document.
    ///
    /// The stream is cut into documents as kubectl does it, before any YAML is read: at lines that start with `---` and
    /// hold nothing else than a comment. So no broken document can swallow its neighbours.
    ///
    /// - Parameter bytes: UTF-8 without byte order mark.
    static func parseYAML(_ bytes: [UInt8], source: String, limits: Limits) -> ParsedSource {
        var builder = TreeBuilder(source: source, limits: limits)
        builder.nodes.reserveCapacity(bytes.count / 20 + 16)
        builder.text.reserveCapacity(bytes.count / 2 + 64)
        var loader = YAMLLoader(builder: builder)
        // The loader holds the only reference from here on, or every append would copy.
        builder = TreeBuilder(source: source, limits: limits)
        bytes.withUnsafeBufferPointer { buffer in
            var documents = YAMLDocuments(bytes: buffer)
            while let document = documents.next() { loader.load(document) }
        }
        return loader.finish()
    }
}

/// Cuts a stream into the pieces that kubectl hands to its YAML parser one by one.
struct YAMLDocuments {
    struct Document {
        let bytes: UnsafeBufferPointer<UInt8>
        /// Zero-based lines of the source in which it begins and ends.
        let lines: ClosedRange<Int>
    }

    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var line = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func next() -> Document? {
        guard position < bytes.count else { return nil }
        let start = position
        var end = separator(from: start)
        // A separator with nothing before it belongs to what follows; so does one behind nothing but directives, which
        // kubectl would refuse but the API server reads.
        while let found = end, found.start == start || isOnlyDirectives(start..<found.start) { end = separator(from: found.next) }
        let range = start..<(end?.start ?? bytes.count)
        position = end?.next ?? bytes.count
        let firstLine = line
        let lastLine = firstLine + LineBreaks.count(in: bytes, range)
        line = lastLine + LineBreaks.count(in: bytes, range.upperBound..<position)
        return Document(bytes: withoutMark(UnsafeBufferPointer(rebasing: bytes[range])), lines: firstLine...lastLine)
    }

    /// The next line `---` that holds nothing else, or a comment, and where the line behind it begins.
    private func separator(from start: Int) -> (start: Int, next: Int)? {
        // One byte in three is enough to hit every `---`.
        var probe = start + 2
        while probe < bytes.count {
            if bytes[probe] == UInt8(ascii: "-") {
                for candidate in max(start, probe - 2)...probe where startsLine(candidate, from: start) && isMarker(candidate) {
                    let end = endOfLine(candidate + 3)
                    if isBlankOrComment(candidate + 3..<end) { return (candidate, min(end + 1, bytes.count)) }
                }
            }
            probe += 3
        }
        return nil
    }

    private func startsLine(_ position: Int, from start: Int) -> Bool {
        position == start || bytes[position - 1] == 0x0A
    }

    private func isMarker(_ position: Int) -> Bool {
        position + 2 < bytes.count && (0..<3).allSatisfy { bytes[position + $0] == UInt8(ascii: "-") }
    }

    private func endOfLine(_ start: Int) -> Int {
        bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    }

    private func isBlankOrComment(_ range: Range<Int>) -> Bool {
        let first = bytes[range].first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        return first == nil || first == UInt8(ascii: "#")
    }

    /// Whether a piece is made of `%` lines, comments and blank lines, with at least one of the first.
    private func isOnlyDirectives(_ range: Range<Int>) -> Bool {
        var directives = 0
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(endOfLine(start), range.upperBound)
            if bytes[start] == UInt8(ascii: "%") {
                directives += 1
            } else if !isBlankOrComment(start..<end) {
                return false
            }
            start = end + 1
        }
        return directives > 0
    }

    /// A byte order mark may stand before every document.
    private func withoutMark(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeBufferPointer(rebasing: bytes[3...]) : bytes
    }
}

/// Lines as libyaml counts them: besides LF and CRLF also a lone CR, NEL, LS and PS end one.
enum LineBreaks {
    static func count(in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        var feeds = 0
        var others = 0
        for position in range {
            let byte = bytes[position]
            feeds &+= byte == 0x0A ? 1 : 0
            others &+= byte == 0x0D || byte == 0xC2 || byte == 0xE2 ? 1 : 0
        }
        return others == 0 ? feeds : feeds + countUnusual(in: bytes, range)
    }

    private static func countUnusual(in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        range.count { position in
            let next = position + 1 < range.upperBound ? bytes[position + 1] : 0
            switch bytes[position] {
            case 0x0D: return next != 0x0A
            case 0xC2: return next == 0x85
            case 0xE2: return next == 0x80 && position + 2 < range.upperBound && bytes[position + 2] & 0xFE == 0xA8
            default: return false
            }
        }
    }

    /// Zero-based line and column, in characters, of a byte.
    static func position(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (line: Int, column: Int) {
        let offset = min(offset, bytes.count)
        var start = offset
        while start > 0, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x0D { start -= 1 }
        return (count(in: bytes, 0..<offset), bytes[start..<offset].count { $0 & 0xC0 != 0x80 })
    }
}
