public import Access
public import Documents

/// A value inside an object, as a request or an answer of the API had it. Texts are compared byte by byte, as the API server does.
public indirect enum FieldValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// As written; whole numbers in one spelling.
    case number(String)
    case string(ExactText)
    case list([FieldValue])
    case map([ExactText: FieldValue])

    /// Depth of a document is limited by whoever parses it, so this does not go down further.
    public init(_ value: Value) {
        // No reader throws for a value of the kind that was asked for.
        switch value.kind {
        case .mapping:
            var map: [ExactText: FieldValue] = [:]
            map.reserveCapacity(value.count)
            if let entries = try? value.entries() { for entry in entries { map[ExactText(entry.key)] = FieldValue(entry) } }
            self = .map(map)
        case .sequence: self = .list(((try? value.items()).map(Array.init) ?? []).map { FieldValue($0) })
        case .string: self = .string(ExactText(value.text))
        case .boolean: self = .boolean(((try? value.bool()) ?? nil) ?? false)
        case .integer, .float: self = .number(((try? value.int()) ?? nil).map(String.init) ?? value.text)
        case .null, nil: self = .null
        }
    }

    public static func string(_ text: String) -> FieldValue { .string(ExactText(text)) }

    public subscript(_ key: String) -> FieldValue? {
        guard case .map(let map) = self else { return nil }
        return map[ExactText(key)]
    }

    var map: [ExactText: FieldValue]? { if case .map(let map) = self { map } else { nil } }
    var list: [FieldValue]? { if case .list(let list) = self { list } else { nil } }
    var text: String? { if case .string(let text) = self { text.text } else { nil } }

    var isContainer: Bool {
        switch self {
        case .list, .map: true
        default: false
        }
    }

    /// A text on one line, as JSON has it, cut where it grows long.
    /// - Parameter limit: characters, about.
    public func summary(limit: Int = 80) -> String {
        var text = ""
        write(to: &text, limit: limit)
        return text.count > limit ? String(text.prefix(limit)) + "…" : text
    }

    /// Stops soon after the limit, so that a large value costs no more than a small one.
    private func write(to text: inout String, limit: Int) {
        guard text.utf8.count <= limit * 4 else { return }
        switch self {
        case .null: text += "null"
        case .boolean(let flag): text += flag ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let string): text += ManifestText.quoted(String(string.text.prefix(limit + 1)))
        case .list(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if text.utf8.count > limit * 4 { break }
                if index > 0 { text += ", " }
                item.write(to: &text, limit: limit)
            }
            text += "]"
        case .map(let map):
            text += "{"
            for (index, entry) in map.sorted(by: { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }).enumerated() {
                if text.utf8.count > limit * 4 { break }
                text += (index > 0 ? ", " : "") + ManifestText.scalar(entry.key.text) + ": "
                entry.value.write(to: &text, limit: limit)
            }
            text += "}"
        }
    }
}
