public import Documents

/// The canonical form of a document (RFC 8785): what is hashed, so that a change of layout, order of keys
/// or syntax does not look like a change of content.
///
/// Entries that are null are left out, as the API server drops them. Numbers keep their text: documents of
/// ours hold whole numbers only, and two spellings of a number are a change that a person should look at.
public enum CanonicalJSON {
    public static func text(of value: Value) -> String {
        var text = ""
        write(value, into: &text)
        return text
    }

    /// `sha256:…` of the canonical form.
    public static func digest(of value: Value) -> String { Digest.sha256(Array(text(of: value).utf8)) }

    /// A string in quotes, which is a string in YAML too.
    public static func quoted(_ string: String) -> String {
        var text = ""
        quote(string, into: &text)
        return text
    }

    private static func write(_ value: Value, into text: inout String) {
        switch value.kind {
        case nil, .null?: text += "null"
        case .boolean?: text += (try? value.bool()) == true ? "true" : "false"
        case .integer?, .float?: text += (try? value.int()).map { String($0) } ?? value.text
        case .string?: quote(value.text, into: &text)
        case .sequence?: writeItems(of: value, into: &text)
        case .mapping?: writeEntries(of: value, into: &text)
        }
    }

    private static func writeItems(of value: Value, into text: inout String) {
        text += "["
        var isFirst = true
        for item in (try? value.items()).map(Array.init) ?? [] {
            if !isFirst { text += "," }
            isFirst = false
            write(item, into: &text)
        }
        text += "]"
    }

    private static func writeEntries(of value: Value, into text: inout String) {
        let entries = ((try? value.entries()).map(Array.init) ?? []).filter(\.exists).map { ($0.key, $0) }
        text += "{"
        var isFirst = true
        for (key, entry) in entries.sorted(by: { $0.0.utf16.lexicographicallyPrecedes($1.0.utf16) }) {
            if !isFirst { text += "," }
            isFirst = false
            quote(key, into: &text)
            text += ":"
            write(entry, into: &text)
        }
        text += "}"
    }

    private static func quote(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{8}": text += "\\b"
            case "\u{9}": text += "\\t"
            case "\u{A}": text += "\\n"
            case "\u{C}": text += "\\f"
            case "\u{D}": text += "\\r"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
