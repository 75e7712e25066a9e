/// A manifest to be written down for people: small, in block style, in the order it was put together.
public indirect enum ManifestText: Hashable, Sendable {
    case text(String)
    case number(Int64)
    case boolean(Bool)
    case null
    case list([ManifestText])
    case map([Entry])

    public struct Entry: Hashable, Sendable {
        public var key: String
        public var value: ManifestText

        public init(_ key: String, _ value: ManifestText) {
            self.key = key
            self.value = value
        }
    }

    public static func map(_ entries: KeyValuePairs<String, ManifestText>) -> ManifestText { .map(entries.map { Entry($0.key, $0.value) }) }

    /// What a document says here, with some values changed on the way.
    ///
    /// - Parameters:
    ///   - value: nothing of it deeper than any object of the API is copied.
    ///   - change: nil keeps a value as it is.
    public init(_ value: Value, change: (Value) -> Change? = { _ in nil }) {
        self = ManifestText.copy(value, 0, change) ?? .null
    }

    public enum Change: Sendable {
        case replace(ManifestText)
        case remove
    }

    private static let maximumDepth = 32

    private static func copy(_ value: Value, _ depth: Int, _ change: (Value) -> Change?) -> ManifestText? {
        switch change(value) {
        case .replace(let text): return text
        case .remove: return nil
        case nil: break
        }
        guard depth < maximumDepth else { return nil }
        // Neither reader throws for a value of the kind that was asked for.
        switch value.kind {
        case .mapping:
            guard let entries = try? value.entries() else { return nil }
            return .map(entries.compactMap { entry in copy(entry, depth + 1, change).map { Entry(entry.key, $0) } })
        case .sequence:
            guard let items = try? value.items() else { return nil }
            return .list(items.compactMap { copy($0, depth + 1, change) })
        case .string: return .text(value.text)
        // No object of the API has a number that is not whole.
        case .integer, .float: return ((try? value.int()) ?? nil).map(ManifestText.number)
        case .boolean: return ((try? value.bool()) ?? nil).map(ManifestText.boolean)
        case .null, nil: return .null
        }
    }

    /// The document, ended by a line break.
    public var yaml: String { lines.joined(separator: "\n") + "\n" }

    private var lines: [String] {
        switch self {
        case .list(let items) where !items.isEmpty:
            items.flatMap { item in item.lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element } }
        case .map(let entries) where !entries.isEmpty:
            entries.flatMap { entry in
                let key = ManifestText.scalar(entry.key) + ":"
                if let one = entry.value.oneLine { return [key + " " + one] }
                // Lists stand below their key without a step to the right, as most people write them.
                if case .list = entry.value { return [key] + entry.value.lines }
                return [key] + entry.value.lines.map { "  " + $0 }
            }
        default: [oneLine ?? ""]
        }
    }

    /// What needs no lines of its own.
    private var oneLine: String? {
        switch self {
        case .text(let text): ManifestText.scalar(text)
        case .number(let number): "\(number)"
        case .boolean(let boolean): boolean ? "true" : "false"
        case .null: "null"
        case .list(let items): items.isEmpty ? "[]" : nil
        case .map(let entries): entries.isEmpty ? "{}" : nil
        }
    }

    /// A string as YAML: plain where nobody could read it as anything else, otherwise in double quotes.
    ///
    /// Names come from strangers. In quotes none can become another field or another document, and escaped none can steer the
    /// terminal that shows the manifest.
    public static func scalar(_ text: String) -> String {
        var copy = text
        let isPlain = copy.withUTF8 { bytes in
            guard let first = bytes.first, isPlainStart(first), YAMLScalar.resolvePlain(bytes).kind == .string else { return false }
            return bytes.allSatisfy(isPlainByte)
        }
        return isPlain ? text : quoted(text)
    }

    /// Letters and digits; what begins with a dot, a slash or a hyphen is plain too, but looks odd.
    private static func isPlainStart(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }

    private static func isPlainByte(_ byte: UInt8) -> Bool {
        isPlainStart(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_")
    }

    /// A string in double quotes, whatever it holds.
    public static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
            default:
                if scalar == "\"" || scalar == "\\" { quoted += "\\" }
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
