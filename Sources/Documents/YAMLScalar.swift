/// The type of a plain YAML scalar as Kubernetes' parser sees it: YAML 1.1 with the exceptions of its Go
/// library (no sexagesimal numbers, no timestamps, `tRue` is a string).
enum YAMLScalar {
    struct Resolved {
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
            return text.count > 5 ? Resolved(kind: .string) : word(text)
        }
    }

    private static func word(_ text: UnsafeBufferPointer<UInt8>) -> Resolved {
        switch text[0] {
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"),
            UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"):
            break
        default: return Resolved(kind: .string)
        }
        switch String(decoding: text, as: UTF8.self) {
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return Resolved(kind: .boolean, isTrue: true)
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return Resolved(kind: .boolean)
        case "null", "Null", "NULL": return Resolved(kind: .null)
        default: return Resolved(kind: .string)
        }
    }

    static func number(_ text: UnsafeBufferPointer<UInt8>) -> NodeKind? {
        if isDecimal(text) { return .integer }
        let string = String(decoding: text, as: UTF8.self)
        switch string {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN": return .float
        default: break
        }
        let digits = string.filter { $0 != "_" }
        if ScalarNumber.prefixedInteger(digits) != nil { return .integer }
        return isFloat(digits) ? .float : nil
    }

    private static func isDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count < 19, text[0] != UInt8(ascii: "0") || text.count == 1 else { return false }
        return text.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func isFloat(_ string: String) -> Bool {
        var rest = Array(string.utf8)[...]
        func digits() -> Int {
            let count = rest.prefix { $0 &- UInt8(ascii: "0") <= 9 }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = digits()
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = digits()
        }
        guard whole + fraction > 0 else { return false }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}

extension YAMLScalar {
    /// A scalar with an explicit tag or in quotes with the non-specific tag `!`.
    static func resolve(
        _ text: UnsafeBufferPointer<UInt8>, tag: String, at node: Int, _ builder: TreeBuilder
    ) throws(DocumentProblem) -> Resolved {
        let plain = resolvePlain(text)
        switch tag {
        case "tag:yaml.org,2002:bool" where plain.kind == .boolean: return plain
        case "tag:yaml.org,2002:null" where plain.kind == .null: return plain
        case "tag:yaml.org,2002:int" where plain.kind == .integer: return plain
        case "tag:yaml.org,2002:float" where plain.kind == .integer || plain.kind == .float: return Resolved(kind: .float)
        case "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float":
            throw builder.problem(.syntax, at: node, "the scalar does not have the type its tag '\(tag)' claims")
        default: return Resolved(kind: .string)
        }
    }
}
