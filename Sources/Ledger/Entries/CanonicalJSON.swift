/// JSON in the one form in which a value can be written (RFC 8785, for whole numbers only): what is hashed has no
/// second spelling.
///
/// The ledger takes bytes and checks them; it does not rewrite them. Keys stand in the order of their UTF-16 code
/// units, strings escape only what they must, there is no white space, and numbers are whole and exact in every reader
/// (no further from zero than 2^53 - 1).
public enum CanonicalJSON {
    /// Deeper nesting is refused, so that reading an entry never exhausts the stack.
    static let maximalDepth = 64

    /// Checks one value that fills `bytes`.
    public static func check(_ bytes: [UInt8]) throws(EntryError) { try check(bytes.span) }

    static func check(_ bytes: Span<UInt8>) throws(EntryError) {
        var scanner = CanonicalScanner()
        try scanner.value(in: bytes, depth: 0)
        guard scanner.position == bytes.count else { throw scanner.error("more follows after the value") }
    }

    /// A string with its quotes.
    public static func quoted(_ string: String) -> String {
        var bytes: [UInt8] = []
        append(string, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends a string with its quotes. Byte by byte: what is escaped is ASCII, and no byte of another character looks like it.
    static func append(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 8: bytes += Array("\\b".utf8)
            case 9: bytes += Array("\\t".utf8)
            case 10: bytes += Array("\\n".utf8)
            case 12: bytes += Array("\\f".utf8)
            case 13: bytes += Array("\\r".utf8)
            case 0..<0x20: bytes += Array((byte < 16 ? "\\u000" : "\\u00").utf8) + Array(String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

/// Walks over canonical JSON and refuses anything else, naming the byte.
struct CanonicalScanner {
    private(set) var position = 0

    init(at position: Int = 0) { self.position = position }

    func error(_ what: String) -> EntryError { EntryError("not canonical JSON at byte \(position): \(what)") }

    mutating func value(in bytes: Span<UInt8>, depth: Int) throws(EntryError) {
        guard position < bytes.count else { throw error("a value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "{"): try object(in: bytes, depth: depth + 1)
        case UInt8(ascii: "["): try array(in: bytes, depth: depth + 1)
        case UInt8(ascii: "\""): _ = try string(in: bytes)
        case UInt8(ascii: "t"): try word("true", in: bytes)
        case UInt8(ascii: "f"): try word("false", in: bytes)
        case UInt8(ascii: "n"): try word("null", in: bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(in: bytes)
        default: throw error("this begins no value; there is no white space between values")
        }
    }

    /// The character, if it is next; then it is passed.
    mutating func take(_ character: UInt8, in bytes: Span<UInt8>) -> Bool {
        guard position < bytes.count, bytes[position] == character else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: UInt8, in bytes: Span<UInt8>) throws(EntryError) {
        guard take(character, in: bytes) else { throw error("'\(Character(Unicode.Scalar(character)))' is missing") }
    }

    /// A string. The range is what stands between its quotes, escapes as they are.
    mutating func string(in bytes: Span<UInt8>) throws(EntryError) -> Range<Int> {
        try expect(UInt8(ascii: "\""), in: bytes)
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return start..<position - 1
            case UInt8(ascii: "\\"): try escape(in: bytes)
            case 0..<0x20: throw error("a control character stands without its escape")
            case 0x20..<0x80: position += 1
            default: position += try length(ofScalarIn: bytes)
            }
        }
        throw error("the string does not end")
    }

    private mutating func object(in bytes: Span<UInt8>, depth: Int) throws(EntryError) {
        guard depth <= CanonicalJSON.maximalDepth else { throw error("nested deeper than \(CanonicalJSON.maximalDepth)") }
        try expect(UInt8(ascii: "{"), in: bytes)
        if take(UInt8(ascii: "}"), in: bytes) { return }
        var previous: Range<Int>?
        repeat {
            let key = try string(in: bytes)
            if let previous, !Self.precedes(previous, key, in: bytes) { throw error("keys repeat or are not in the order of their UTF-16 units") }
            previous = key
            try expect(UInt8(ascii: ":"), in: bytes)
            try value(in: bytes, depth: depth)
        } while take(UInt8(ascii: ","), in: bytes)
        try expect(UInt8(ascii: "}"), in: bytes)
    }

    private mutating func array(in bytes: Span<UInt8>, depth: Int) throws(EntryError) {
        guard depth <= CanonicalJSON.maximalDepth else { throw error("nested deeper than \(CanonicalJSON.maximalDepth)") }
        try expect(UInt8(ascii: "["), in: bytes)
        if take(UInt8(ascii: "]"), in: bytes) { return }
        repeat { try value(in: bytes, depth: depth) } while take(UInt8(ascii: ","), in: bytes)
        try expect(UInt8(ascii: "]"), in: bytes)
    }

    private mutating func word(_ word: StaticString, in bytes: Span<UInt8>) throws(EntryError) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard position < bytes.count, bytes[position] == word.utf8Start[offset] else { throw error("'\(word)' is misspelt") }
            position += 1
        }
    }

    private mutating func number(in bytes: Span<UInt8>) throws(EntryError) {
        let isNegative = take(UInt8(ascii: "-"), in: bytes)
        let start = position
        var number = 0
        while position < bytes.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[position] {
            guard position - start < 16 else { throw error("a number beyond 2^53 - 1; write it as a string") }
            number = number * 10 + Int(bytes[position] - UInt8(ascii: "0"))
            position += 1
        }
        let digits = position - start
        guard digits > 0, digits == 1 || bytes[start] != UInt8(ascii: "0"), !(isNegative && number == 0) else {
            throw error("a number with a leading zero, without digits, or minus zero")
        }
        guard number < 1 << 53 else { throw error("a number beyond 2^53 - 1; write it as a string") }
        if position < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[position]) {
            throw error("numbers are whole; write others as strings")
        }
    }

    private mutating func escape(in bytes: Span<UInt8>) throws(EntryError) {
        guard position + 1 < bytes.count else { throw error("the string does not end") }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "f"),
            UInt8(ascii: "r"):
            position += 2
        case UInt8(ascii: "u"):
            // Only control characters without a short form need this one, in small letters.
            guard let unit = Self.controlUnit(at: position, in: bytes), ![8, 9, 10, 12, 13].contains(unit) else {
                throw error("an escape that is not needed, or not in its shortest form")
            }
            position += 6
        default: throw error("an escape that is not needed")
        }
    }

    /// The control character that `\u00xx` at this place stands for.
    private static func controlUnit(at position: Int, in bytes: Span<UInt8>) -> UInt8? {
        guard position + 5 < bytes.count, bytes[position + 2] == UInt8(ascii: "0"), bytes[position + 3] == UInt8(ascii: "0") else { return nil }
        let high = bytes[position + 4]
        guard high == UInt8(ascii: "0") || high == UInt8(ascii: "1") else { return nil }
        let low = bytes[position + 5]
        let digit: UInt8
        switch low {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = low - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = low - UInt8(ascii: "a") + 10
        default: return nil
        }
        return (high - UInt8(ascii: "0")) << 4 | digit
    }

    /// The length of a well-formed UTF-8 sequence of two to four bytes (Unicode, table 3-7).
    private func length(ofScalarIn bytes: Span<UInt8>) throws(EntryError) -> Int {
        let first = bytes[position]
        let second: ClosedRange<UInt8>
        let length: Int
        switch first {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw error("not UTF-8")
        }
        guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { throw error("not UTF-8") }
        for offset in 2..<max(length, 2) where !(0x80...0xBF).contains(bytes[position + offset]) { throw error("not UTF-8") }
        return length
    }

    /// Whether one key stands before another. Plain letters decide by their bytes; only keys with escapes or letters
    /// beyond ASCII are compared by their UTF-16 units.
    private static func precedes(_ one: Range<Int>, _ other: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        var offset = 0
        while offset < min(one.count, other.count) {
            let (left, right) = (bytes[one.lowerBound + offset], bytes[other.lowerBound + offset])
            guard left < 0x80, right < 0x80, left != UInt8(ascii: "\\"), right != UInt8(ascii: "\\") else {
                return text(one, in: bytes).utf16.lexicographicallyPrecedes(text(other, in: bytes).utf16)
            }
            if left != right { return left < right }
            offset += 1
        }
        return one.count < other.count
    }

    /// What a string that was passed stands for.
    static func text(_ range: Range<Int>, in bytes: Span<UInt8>) -> String {
        var units: [UInt8] = []
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = bytes[position]
            guard byte == UInt8(ascii: "\\") else {
                units.append(byte)
                position += 1
                continue
            }
            switch bytes[position + 1] {
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "t"): units.append(9)
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "f"): units.append(12)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "u"):
                units.append(controlUnit(at: position, in: bytes) ?? 0)
                position += 4
            case let other: units.append(other)
            }
            position += 2
        }
        return String(decoding: units, as: UTF8.self)
    }
}

/// What is wrong with an entry.
public struct EntryError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
