extension DocumentTree {
    /// Reads concatenated JSON texts (RFC 8259, strict). Reading stops at the first error, since nothing
    /// says where the next text would begin; the texts before it are kept.
    static func parseJSON(_ bytes: [UInt8], source: String, limits: Limits) -> ParsedSource {
        var builder = TreeBuilder(source: source, limits: limits)
        builder.nodes.reserveCapacity(bytes.count / 20 + 16)
        // Keys and strings without escapes stay where they are: the source is the text.
        builder.text = bytes
        let problem = bytes.withUnsafeBufferPointer { buffer -> DocumentProblem? in
            var scanner = JSONScanner(bytes: buffer, builder: builder)
            builder = TreeBuilder(source: source, limits: limits)
            let problem = scanner.scanAll()
            builder = scanner.builder
            return problem
        }
        if let problem { builder.problems.append(problem) }
        return builder.finish()
    }
}

/// A strict JSON scanner that writes straight into the arena. No recursion: depth is a limit, not a crash.
private struct JSONScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var builder: TreeBuilder
    var position = 0
    var line = 1
    /// Where the current line begins, moved along by continuation bytes so that columns count characters.
    var lineStart = 0
    var open: [Frame] = []

    struct Frame {
        let node: Int
        let isMapping: Bool
        var count = 0
    }

    struct Key {
        var offset: UInt32 = 0
        var length: UInt16 = 0
        var flags: Node.Flags = []
    }

    mutating func scanAll() -> DocumentProblem? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
            lineStart = 3
        }
        while true {
            skipSpace()
            guard position < bytes.count else { return nil }
            let start = builder.nodes.count
            do {
                builder.rootIndexes.append(Int32(truncatingIfNeeded: start))
                try scanDocument()
            } catch {
                builder.dropNodes(from: start)
                return error
            }
        }
    }

    private mutating func scanDocument() throws(DocumentProblem) {
        open.removeAll(keepingCapacity: true)
        try scanValue(Key(), line: UInt32(line), column: column)
        while let frame = open.last {
            skipSpace()
            guard position < bytes.count else { throw error("the text ends inside \(frame.isMapping ? "an object" : "an array")") }
            if bytes[position] == (frame.isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                position += 1
                close()
                continue
            }
            if frame.count > 0 {
                guard bytes[position] == UInt8(ascii: ",") else {
                    throw error("expected ',' or the end of the \(frame.isMapping ? "object" : "array")")
                }
                position += 1
                skipSpace()
            }
            open[open.count - 1].count += 1
            let (line, column) = (UInt32(self.line), self.column)
            if frame.isMapping {
                let key = try scanKey()
                skipSpace()
                guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { throw error("expected ':' after the key") }
                position += 1
                skipSpace()
                try scanValue(key, line: line, column: column)
            } else {
                try scanValue(Key(), line: line, column: column)
            }
        }
    }

    private mutating func close() {
        let frame = open.removeLast()
        if frame.isMapping { builder.closeMapping(frame.node, count: frame.count) } else { builder.close(frame.node, count: frame.count) }
    }

    private var column: UInt32 { UInt32(truncatingIfNeeded: position - lineStart + 1) }

    @inline(__always)
    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "\n"):
                position += 1
                line += 1
                lineStart = position
            default: return
            }
        }
    }

    private mutating func scanKey() throws(DocumentProblem) -> Key {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw error("expected a key in double quotes") }
        let text = try scanString()
        guard text.length < UInt32(UInt16.max) else { throw error("a key of \(text.length) bytes is more than the limit of 65534") }
        return Key(offset: text.offset, length: UInt16(text.length), flags: .hasKey)
    }

    private mutating func scanValue(_ key: Key, line: UInt32, column: UInt32) throws(DocumentProblem) {
        guard position < bytes.count else { throw error("expected a value") }
        guard builder.nodes.count < builder.limits.nodes else { throw error("more than \(builder.limits.nodes) nodes in one source", .limit) }
        var node = Node(
            kind: .null, flags: key.flags, keyLength: key.length, keyOffset: key.offset,
            textOffset: UInt32(truncatingIfNeeded: position), textLength: 0, line: line, column: column, length: 1)
        switch bytes[position] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let isMapping = bytes[position] == UInt8(ascii: "{")
            guard open.count < builder.limits.depth else { throw error("nesting is deeper than the limit of \(builder.limits.depth)", .limit) }
            node.kind = isMapping ? .mapping : .sequence
            open.append(Frame(node: builder.nodes.count, isMapping: isMapping))
            position += 1
        case UInt8(ascii: "\""):
            let text = try scanString()
            node.kind = .string
            node.textOffset = text.offset
            node.textLength = text.length
        case UInt8(ascii: "t"):
            try scanWord("true")
            node.kind = .boolean
            node.flags.insert(.isTrue)
            node.textLength = 4
        case UInt8(ascii: "f"):
            try scanWord("false")
            node.kind = .boolean
            node.textLength = 5
        case UInt8(ascii: "n"):
            try scanWord("null")
            node.textLength = 4
        default:
            node.kind = try scanNumber()
            node.textLength = UInt32(truncatingIfNeeded: position) - node.textOffset
        }
        builder.nodes.append(node)
    }

    private mutating func scanWord(_ word: StaticString) throws(DocumentProblem) {
        let matches = word.withUTF8Buffer { word in
            position + word.count <= bytes.count && (0..<word.count).allSatisfy { bytes[position + $0] == word[$0] }
        }
        guard matches else { throw error("expected a value") }
        position += word.utf8CodeUnitCount
    }

    private mutating func scanNumber() throws(DocumentProblem) -> NodeKind {
        var kind = NodeKind.integer
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let whole = skipDigits()
        guard whole > 0 else { throw error("expected a value") }
        guard !leadingZero || whole == 1 else { throw error("a number must not start with 0") }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            kind = .float
            guard skipDigits() > 0 else { throw error("expected a digit after '.'") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            kind = .float
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw error("expected a digit in the exponent") }
        }
        return kind
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 { position += 1 }
        return position - start
    }

    /// The string at the opening quote; leaves the position behind the closing one.
    private mutating func scanString() throws(DocumentProblem) -> (offset: UInt32, length: UInt32) {
        position += 1
        let start = position
        var highBits: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                if highBits & 0x80 != 0 { try validate(start..<position) }
                position += 1
                return (UInt32(truncatingIfNeeded: start), UInt32(truncatingIfNeeded: position - 1 - start))
            }
            if byte == UInt8(ascii: "\\") { return try scanEscapedString(from: start) }
            guard byte >= 0x20 else { throw error("a control character in a string must be escaped") }
            highBits |= byte
            position += 1
        }
        throw error("the text ends inside a string")
    }

    private mutating func validate(_ range: Range<Int>) throws(DocumentProblem) {
        let slice = UnsafeBufferPointer(rebasing: bytes[range])
        guard String(validating: slice, as: UTF8.self) != nil else { throw error("the string is not valid UTF-8", .encoding) }
        lineStart += slice.count { $0 & 0xC0 == 0x80 }
    }

    private mutating func scanEscapedString(from start: Int) throws(DocumentProblem) -> (offset: UInt32, length: UInt32) {
        var decoded = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: decoded, as: UTF8.self) else { throw error("the string is not valid UTF-8", .encoding) }
                lineStart += bytes[start..<position].count { $0 & 0xC0 == 0x80 }
                position += 1
                let offset = builder.text.count
                builder.text.append(contentsOf: valid.utf8)
                return (UInt32(truncatingIfNeeded: offset), UInt32(truncatingIfNeeded: builder.text.count - offset))
            case UInt8(ascii: "\\"):
                position += 1
                try scanEscape(into: &decoded)
            case 0..<0x20: throw error("a control character in a string must be escaped")
            default:
                decoded.append(byte)
                position += 1
            }
        }
        throw error("the text ends inside a string")
    }

    private mutating func scanEscape(into decoded: inout [UInt8]) throws(DocumentProblem) {
        guard position < bytes.count else { throw error("the text ends inside an escape") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(8)
        case UInt8(ascii: "f"): decoded.append(12)
        case UInt8(ascii: "n"): decoded.append(10)
        case UInt8(ascii: "r"): decoded.append(13)
        case UInt8(ascii: "t"): decoded.append(9)
        case UInt8(ascii: "u"): try scanUnicodeEscape(into: &decoded)
        default: throw error("unknown escape '\\\(Character(Unicode.Scalar(byte)))' in a string")
        }
    }

    /// A `\u` escape, with its partner where it is half of a surrogate pair. A lone half becomes U+FFFD, as
    /// the API server reads it.
    private mutating func scanUnicodeEscape(into decoded: inout [UInt8]) throws(DocumentProblem) {
        let first = try scanHex()
        var scalar = Unicode.Scalar(UInt32(first)) ?? "\u{FFFD}"
        if (0xD800..<0xDC00).contains(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let rewind = position
            position += 2
            let second = try scanHex()
            if (0xDC00..<0xE000).contains(second) {
                scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)) ?? scalar
            } else {
                position = rewind
            }
        }
        decoded.append(contentsOf: Array(String(Character(scalar)).utf8))
    }

    private mutating func scanHex() throws(DocumentProblem) -> UInt16 {
        guard position + 4 <= bytes.count,
            bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw error("expected four hexadecimal digits after \\u") }
        position += 4
        return value
    }

    private func error(_ message: String, _ reason: DocumentProblem.Reason = .syntax) -> DocumentProblem {
        builder.problem(reason, line: line, column: max(1, Int(position - lineStart + 1)), message)
    }
}
