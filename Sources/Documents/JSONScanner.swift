extension DocumentTree {
    /// Reads concatenated JSON texts (RFC 8259, strict). Reading stops at the first error, since nothing
    /// says where the next text would begin; the texts before it are kept.
    ///
    /// - Parameter bytes: UTF-8 without byte order mark.
    static func parseJSON(_ bytes: [UInt8], source: String, limits: Limits) -> ParsedSource {
        var builder = TreeBuilder(source: source, limits: limits)
        builder.nodes.reserveCapacity(JSONBytes.expectedNodes(in: bytes))
        // Keys and strings without escapes stay where they are: the source is the text.
        builder.text = bytes
        return bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return builder.finish() }
            var scanner = JSONScanner(bytes: JSONBytes(start: start, count: buffer.count), builder: builder)
            // The scanner holds the only reference from here on, or its first append would copy.
            builder = TreeBuilder(source: source, limits: limits)
            scanner.scanAll()
            return scanner.builder.finish()
        }
    }
}

/// A strict JSON scanner that writes straight into the arena. No recursion: depth is a limit, not a crash.
private struct JSONScanner {
    var bytes: JSONBytes
    var builder: TreeBuilder
    /// The innermost open container, and those around it.
    private var frame = Frame(node: -1, isMapping: false)
    private var outer: [Frame] = []

    /// A container that is not closed yet.
    struct Frame {
        let node: Int
        let isMapping: Bool
        var count = 0
        var keys = KeyFilter()

        var name: StaticString { isMapping ? "object" : "array" }
    }

    struct Text {
        var offset: UInt32
        var length: UInt32
    }

    init(bytes: JSONBytes, builder: TreeBuilder) {
        self.bytes = bytes
        self.builder = builder
    }

    mutating func scanAll() {
        while true {
            bytes.skipSpace()
            guard bytes.position < bytes.count else { return }
            let start = builder.nodes.count
            builder.rootIndexes.append(Int32(truncatingIfNeeded: start))
            do {
                try scanDocument()
            } catch {
                builder.dropNodes(from: start)
                return builder.report(error)
            }
        }
    }

    private mutating func scanDocument() throws(DocumentProblem) {
        outer.removeAll(keepingCapacity: true)
        frame = Frame(node: -1, isMapping: false)
        try scanValue(Node(kind: .null, line: UInt32(truncatingIfNeeded: bytes.line), column: bytes.column))
        while frame.node >= 0 {
            bytes.skipSpace()
            let byte = bytes.current
            if byte == (frame.isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                bytes.position += 1
                close()
                continue
            }
            if frame.count > 0 {
                guard byte == UInt8(ascii: ",") else { throw separatorMissing() }
                bytes.position += 1
                bytes.skipSpace()
            }
            frame.count += 1
            try scanChild()
        }
    }

    /// An item of an array, or a key and its value.
    @inline(__always)
    private mutating func scanChild() throws(DocumentProblem) {
        var node = Node(kind: .null, line: UInt32(truncatingIfNeeded: bytes.line), column: bytes.column)
        if frame.isMapping {
            guard bytes.current == UInt8(ascii: "\"") else { throw error("expected a key in double quotes") }
            let key = try scanString()
            guard Int(key.length) <= KeySignature.longestKey else {
                throw error("a key of \(key.length) bytes is longer than the limit of \(KeySignature.longestKey)", .limit)
            }
            let signature = builder.signature(at: Int(key.offset), count: Int(key.length))
            node.setKey(offset: key.offset, signature: signature)
            frame.keys.insert(signature)
            bytes.skipSpace()
            guard bytes.current == UInt8(ascii: ":") else { throw error("expected ':' after the key") }
            bytes.position += 1
            bytes.skipSpace()
        }
        try scanValue(node)
    }

    private mutating func close() {
        if frame.isMapping {
            builder.closeMapping(frame.node, count: frame.count, keys: frame.keys)
        } else {
            builder.close(frame.node, count: frame.count)
        }
        frame = outer.removeLast()
    }

    // MARK: - Values

    /// - Parameter node: carries the place and the key; gets the value.
    @inline(__always)
    private mutating func scanValue(_ node: consuming Node) throws(DocumentProblem) {
        guard builder.nodes.count < builder.limits.nodes else { throw builder.tooManyNodes(line: bytes.line, column: Int(bytes.column)) }
        node.textOffset = UInt32(truncatingIfNeeded: bytes.position)
        switch bytes.current {
        case UInt8(ascii: "\""):
            let text = try scanString()
            node.kind = .string
            node.textOffset = text.offset
            node.textLength = text.length
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            node.kind = bytes.current == UInt8(ascii: "{") ? .mapping : .sequence
            try open(node.kind)
        case UInt8(ascii: "t"):
            node.kind = .boolean
            node.setTrue()
            node.textLength = try scanWord("true")
        case UInt8(ascii: "f"):
            node.kind = .boolean
            node.textLength = try scanWord("false")
        case UInt8(ascii: "n"):
            node.textLength = try scanWord("null")
        default:
            node.kind = try scanNumber()
            node.textLength = UInt32(truncatingIfNeeded: bytes.position) - node.textOffset
        }
        builder.nodes.append(node)
    }

    private mutating func open(_ kind: NodeKind) throws(DocumentProblem) {
        guard outer.count < builder.limits.depth else { throw builder.tooDeep(line: bytes.line, column: Int(bytes.column)) }
        outer.append(frame)
        frame = Frame(node: builder.nodes.count, isMapping: kind == .mapping)
        bytes.position += 1
    }

    private mutating func scanWord(_ word: StaticString) throws(DocumentProblem) -> UInt32 {
        guard word.withUTF8Buffer({ bytes.starts(with: $0) }) else { throw error("expected a value") }
        bytes.position += word.utf8CodeUnitCount
        return UInt32(truncatingIfNeeded: word.utf8CodeUnitCount)
    }

    private mutating func scanNumber() throws(DocumentProblem) -> NodeKind {
        var kind = NodeKind.integer
        if bytes.current == UInt8(ascii: "-") { bytes.position += 1 }
        let leadingZero = bytes.current == UInt8(ascii: "0")
        let whole = bytes.skipDigits()
        guard whole > 0 else { throw bytes.position < bytes.count ? error("expected a value") : error("the text ends where a value should be") }
        guard !leadingZero || whole == 1 else { throw error("a number must not start with 0") }
        if bytes.current == UInt8(ascii: ".") {
            bytes.position += 1
            kind = .float
            guard bytes.skipDigits() > 0 else { throw error("expected a digit after '.'") }
        }
        if bytes.current | 0x20 == UInt8(ascii: "e") {
            bytes.position += 1
            kind = .float
            if bytes.current == UInt8(ascii: "+") || bytes.current == UInt8(ascii: "-") { bytes.position += 1 }
            guard bytes.skipDigits() > 0 else { throw error("expected a digit in the exponent") }
        }
        return kind
    }

    // MARK: - Strings

    /// The string at the opening quote; leaves the position behind the closing one.
    @inline(__always)
    private mutating func scanString() throws(DocumentProblem) -> Text {
        bytes.position += 1
        let start = bytes.position
        let isASCII = bytes.skipStringBody()
        guard bytes.current == UInt8(ascii: "\"") else { return try scanUnusualString(from: start) }
        if !isASCII { try validate(from: start) }
        bytes.position += 1
        return Text(offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: bytes.position - 1 - start))
    }

    /// Checks the UTF-8 from `start` to the position, and counts its characters for the column.
    private mutating func validate(from start: Int) throws(DocumentProblem) {
        let text = bytes[start..<bytes.position]
        guard String(validating: text, as: UTF8.self) != nil else { throw error("the string is not valid UTF-8", .encoding) }
        bytes.lineStart += text.count { $0 & 0xC0 == 0x80 }
    }

    /// A string with escapes, or a broken one, from the first unusual byte on; decoded behind the source.
    private mutating func scanUnusualString(from start: Int) throws(DocumentProblem) -> Text {
        var decoded = Array(bytes[start..<bytes.position])
        while bytes.position < bytes.count {
            switch bytes.current {
            case UInt8(ascii: "\""):
                try validate(from: start)
                bytes.position += 1
                let offset = builder.text.count
                builder.text.append(contentsOf: decoded)
                return Text(offset: UInt32(truncatingIfNeeded: offset), length: UInt32(truncatingIfNeeded: decoded.count))
            case UInt8(ascii: "\\"):
                bytes.position += 1
                try scanEscape(into: &decoded)
            case 0..<0x20: throw error("a control character in a string must be escaped")
            default:
                let run = bytes.position
                _ = bytes.skipStringBody()
                decoded.append(contentsOf: bytes[run..<bytes.position])
            }
        }
        throw error("the text ends inside a string")
    }

    private mutating func scanEscape(into decoded: inout [UInt8]) throws(DocumentProblem) {
        guard bytes.position < bytes.count else { throw error("the text ends inside an escape") }
        let byte = bytes.current
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(8)
        case UInt8(ascii: "f"): decoded.append(12)
        case UInt8(ascii: "n"): decoded.append(10)
        case UInt8(ascii: "r"): decoded.append(13)
        case UInt8(ascii: "t"): decoded.append(9)
        case UInt8(ascii: "u"): return try scanUnicodeEscape(into: &decoded)
        default: throw error("this escape does not exist in JSON")
        }
        bytes.position += 1
    }

    /// A `\u` escape, with its partner where it is half of a surrogate pair. A lone half becomes U+FFFD, as
    /// the API server reads it.
    private mutating func scanUnicodeEscape(into decoded: inout [UInt8]) throws(DocumentProblem) {
        bytes.position += 1
        let first = try scanHex()
        var scalar = Unicode.Scalar(first) ?? "\u{FFFD}"
        if (0xD800..<0xDC00).contains(first), bytes.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
            let rewind = bytes.position
            bytes.position += 2
            let second = try scanHex()
            if (0xDC00..<0xE000).contains(second) {
                scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? scalar
            } else {
                bytes.position = rewind
            }
        }
        UTF8.encode(scalar).map { decoded.append(contentsOf: $0) }
    }

    private mutating func scanHex() throws(DocumentProblem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes.current)).hexDigitValue else {
                throw error("expected four hexadecimal digits after \\u")
            }
            value = value << 4 | UInt32(digit)
            bytes.position += 1
        }
        return value
    }

    // MARK: - Errors

    private func separatorMissing() -> DocumentProblem {
        bytes.position < bytes.count
            ? error("expected ',' or the end of the \(frame.name)") : error("the text ends inside an \(frame.name)")
    }

    private func error(_ message: String, _ reason: DocumentProblem.Reason = .syntax) -> DocumentProblem {
        builder.problem(reason, line: bytes.line, column: bytes.exactColumn, message)
    }
}
