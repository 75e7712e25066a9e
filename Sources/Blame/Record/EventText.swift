import Documents

extension AuditRecord {
    /// The event as JSON on one line, to be kept for a later run. Of what may hold a secret the bodies are left out: Secrets, and the
    /// tokens of service accounts.
    public var kept: String {
        let hides = object.isSecret || subresource == "token" || object.resource == "tokenreviews"
        var text = ""
        EventText.write(event, to: &text) { hides && ($0 == "requestObject" || $0 == "responseObject") }
        return text
    }
}

/// JSON of a value, on one line.
enum EventText {
    /// - Parameter leavesOut: asked for each key of the outermost object.
    static func write(_ value: Value, to text: inout String, leavesOut: (String) -> Bool = { _ in false }) {
        switch value.kind {
        case .mapping:
            text += "{"
            var isFirst = true
            if let entries = try? value.entries() {
                for entry in entries where !leavesOut(entry.key) {
                    text += isFirst ? "" : ","
                    isFirst = false
                    quote(entry.key, to: &text)
                    text += ":"
                    write(entry, to: &text)
                }
            }
            text += "}"
        case .sequence:
            text += "["
            var isFirst = true
            if let items = try? value.items() {
                for item in items {
                    text += isFirst ? "" : ","
                    isFirst = false
                    write(item, to: &text)
                }
            }
            text += "]"
        case .string: quote(value.text, to: &text)
        case .boolean, .integer, .float: text += value.text
        case .null, nil: text += "null"
        }
    }

    static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
