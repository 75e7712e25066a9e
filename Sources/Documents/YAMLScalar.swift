/// The type of a plain YAML scalar as Kubernetes' parser sees it: YAML 1.1 with the exceptions of its Go
/// library (no sexagesimal numbers, no timestamps, `tRue` is a string).
enum YAMLScalar {
    struct Resolved: Equatable {
        var kind: NodeKind
        var isTrue = false
    }

    static func resolvePlain(_ text: UnsafeBufferPointer<UInt8>) -> Resolved {
        guard let first = text.first else { return Resolved(kind: .null) }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return Resolved(kind: number(text) ?? .string)
        case UInt8(ascii: "~"):
            return Resolved(kind: text.count == 1 ? .null : .string)
        default:
            return word(text) ?? Resolved(kind: .string)
        }
    }

    // MARK: - Words

    /// Booleans and null: in lower case, in upper case, or with a capital.
    private static func word(_ text: UnsafeBufferPointer<UInt8>) -> Resolved? {
        guard text.count <= 5 else { return nil }
        var lower: UInt64 = 0
        var capitals = 0
        for byte in text {
            lower = lower << 8 | UInt64(byte | 0x20)
            guard byte & 0xC0 == 0x40 else { return nil }
            if byte & 0x20 == 0 { capitals += 1 }
        }
        guard capitals == 0 || capitals == text.count || capitals == 1 && text[0] & 0x20 == 0 else { return nil }
        switch lower {
        case packed("y"), packed("yes"), packed("true"), packed("on"): return Resolved(kind: .boolean, isTrue: true)
        case packed("n"), packed("no"), packed("false"), packed("off"): return Resolved(kind: .boolean)
        case packed("null"): return Resolved(kind: .null)
        default: return nil
        }
    }

    /// Up to eight letters as one number, so that a word is one comparison.
    @inline(__always)
    private static func packed(_ word: StaticString) -> UInt64 {
        word.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt64($1) } }
    }

    // MARK: - Numbers

    static func number(_ text: UnsafeBufferPointer<UInt8>) -> NodeKind? {
        if ScalarNumber.isPlainDecimal(text) { return .integer }
        guard mayBeNumber(text) else { return nil }
        let string = String(decoding: text, as: UTF8.self)
        switch string {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN": return .float
        default: break
        }
        guard text[0] != UInt8(ascii: ".") || hasSeparatorsBetweenDigits(text) else { return nil }
        let digits = string.filter { $0 != "_" }
        if ScalarNumber.prefixedInteger(digits) != nil || ScalarNumber.prefixedInteger(digits, as: UInt64.self) != nil { return .integer }
        // Beyond the range of a double is no number but a string.
        return isFloat(digits) && Double(digits)?.isFinite == true ? .float : nil
    }

    /// What Go demands of the `_` in a number; its YAML parser removes them first, but not behind a leading dot.
    private static func hasSeparatorsBetweenDigits(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.indices.allSatisfy { index in
            guard text[index] == UInt8(ascii: "_") else { return true }
            return index + 1 < text.count && text[index - 1] &- UInt8(ascii: "0") <= 9 && text[index + 1] &- UInt8(ascii: "0") <= 9
        }
    }

    /// Sends quantities, dates and addresses away before anything is allocated for them.
    private static func mayBeNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
                UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "x"), UInt8(ascii: "X"),
                UInt8(ascii: "o"), UInt8(ascii: "O"), UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "n"), UInt8(ascii: "N"):
                continue
            default: return false
            }
        }
        return true
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func isFloat(_ string: String) -> Bool {
        var rest = Array(string.utf8)[...]
        func digits() -> Int {
            let count = rest.prefix { $0 &- UInt8(ascii: "0") <= 9 }.count
            rest = rest.dropFirst(count)
            return count
        }
        func drop(_ one: Character, _ other: Character) -> Bool {
            guard let first = rest.first, first == one.asciiValue || first == other.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = drop("-", "+")
        let whole = digits()
        let fraction = drop(".", ".") ? digits() : 0
        guard whole + fraction > 0 else { return false }
        if drop("e", "E") {
            _ = drop("-", "+")
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}

// MARK: - Tags

extension YAMLScalar {
    /// Tags of the YAML 1.1 type repository.
    enum Tag: String {
        case boolean = "tag:yaml.org,2002:bool"
        case null = "tag:yaml.org,2002:null"
        case integer = "tag:yaml.org,2002:int"
        case float = "tag:yaml.org,2002:float"
        case binary = "tag:yaml.org,2002:binary"
        case timestamp = "tag:yaml.org,2002:timestamp"
        case merge = "tag:yaml.org,2002:merge"
    }

    /// What a scalar with an explicit tag is, quoted or not; nil when it is not what its tag claims. Tags that are
    /// unknown make a string, as in Kubernetes' parser.
    static func resolve(_ text: UnsafeBufferPointer<UInt8>, tag: String) -> Resolved? {
        guard let tag = Tag(rawValue: tag) else { return Resolved(kind: .string) }
        let plain = resolvePlain(text)
        switch tag {
        case .boolean: return plain.kind == .boolean ? plain : nil
        case .null: return plain.kind == .null ? plain : nil
        case .integer: return plain.kind == .integer ? plain : nil
        case .float: return plain.kind == .integer || plain.kind == .float ? Resolved(kind: .float) : nil
        case .timestamp: return isDate(text) ? Resolved(kind: .string) : nil
        case .binary, .merge: return Resolved(kind: .string)
        }
    }

    /// Whether a text begins as a timestamp does: four digits, `-`, a digit.
    private static func isDate(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count >= 8 && text[4] == UInt8(ascii: "-") && text.prefix(4).allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
    }

    /// Decodes standard base64 with padding (RFC 4648), line breaks ignored; nil when it is none.
    static func decodeBase64(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        let digits = text.filter { $0 != 0x0A && $0 != 0x0D }
        guard digits.count % 4 == 0 else { return nil }
        let padding = digits.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        var decoded: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for digit in digits.dropLast(padding) {
            guard let value = base64Value(digit) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return decoded
    }

    private static func base64Value(_ digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

extension Value {
    /// The text that the base64 here stands for, as in `data` of a Secret; nil when it is none.
    public var decodedBase64: String? {
        withText(YAMLScalar.decodeBase64).map { String(decoding: $0, as: UTF8.self) }
    }
}
