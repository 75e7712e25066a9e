import Documents

/// What a document says, without positions and spelling, so that two readings can be compared.
enum Canonical: Hashable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case sequence([Canonical])
    case mapping([String: Canonical])

    init(_ value: Value) {
        switch value.kind {
        case .boolean: self = .boolean((try? value.bool()) ?? false)
        case .integer, .float: self = .number((try? value.int()).flatMap { $0.map(Double.init) } ?? Double(value.text.filter { $0 != "_" }) ?? .nan)
        case .string: self = .string(value.text)
        case .sequence: self = .sequence(Canonical.children(value).map(Canonical.init))
        case .mapping:
            self = .mapping(Dictionary(Canonical.children(value).map { ($0.key, Canonical($0)) }, uniquingKeysWith: { _, last in last }))
        case .null, nil: self = .null
        }
    }

    private static func children(_ value: Value) -> [Value] {
        ((try? value.kind == .mapping ? value.entries() : value.items()).map(Array.init)) ?? []
    }

    /// The documents of a JSON text, as strings of the tests are written.
    static func json(_ text: String) -> [Canonical] {
        DocumentTree.parse(Array(text.utf8), source: "expected", syntax: .json).tree.roots.map(Canonical.init)
    }

    subscript(_ key: String) -> Canonical {
        if case .mapping(let entries) = self { entries[key] ?? .null } else { .null }
    }
}

extension Value {
    /// This value as compact JSON; keys in the order they stand.
    var jsonText: String {
        switch Canonical(self) {
        case .null: return "null"
        case .boolean(let flag): return "\(flag)"
        case .number(let number): return (try? int()).flatMap { $0.map(String.init) } ?? "\(number)"
        case .string(let text): return JSONString.quote(text)
        case .sequence: return "[" + ((try? items().map(\.jsonText)) ?? []).joined(separator: ",") + "]"
        case .mapping:
            return "{" + ((try? entries().map { JSONString.quote($0.key) + ":" + $0.jsonText }) ?? []).joined(separator: ",") + "}"
        }
    }
}

enum JSONString {
    static func quote(_ text: String) -> String {
        "\"" + text.unicodeScalars.map(escape).joined() + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: return String(scalar)
        }
    }
}
