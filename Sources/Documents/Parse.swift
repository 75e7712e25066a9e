/// What one source held.
public struct ParsedSource: Sendable {
    public let tree: DocumentTree
    /// In order of their appearance.
    public let problems: [DocumentProblem]
}

/// The syntax of a source.
public enum Syntax: Sendable {
    case yaml, json

    /// As kubectl guesses: what starts with a brace or bracket is JSON.
    public static func guess(_ bytes: some Sequence<UInt8>) -> Syntax {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0xEF, 0xBB, 0xBF: continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
            default: return .yaml
            }
        }
        return .yaml
    }
}

extension DocumentTree {
    /// Reads a stream of documents. Never throws: what could not be read is among the problems, and the
    /// other documents of the source are kept.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, or UTF-16 with a byte order mark for YAML.
    ///   - syntax: nil guesses as kubectl does; a source that looks like JSON and is none is read as YAML
    ///     (flow style), which is what kubectl does with it.
    public static func parse(_ bytes: [UInt8], source: String, syntax: Syntax? = nil, limits: Limits = .standard) -> ParsedSource {
        guard bytes.count <= limits.bytes else {
            let problem = DocumentProblem(
                source: source, position: nil, reason: .limit,
                message: "\(bytes.count) bytes are more than the limit of \(limits.bytes) bytes a source; split it or raise --max-bytes")
            return ParsedSource(tree: DocumentTree(source: source, nodes: [], text: [], rootIndexes: []), problems: [problem])
        }
        guard (syntax ?? Syntax.guess(bytes)) == .json else { return parseYAML(bytes, source: source, limits: limits) }
        let json = parseJSON(bytes, source: source, limits: limits)
        guard syntax == nil, json.tree.rootIndexes.isEmpty, json.problems.contains(where: { $0.reason == .syntax }) else { return json }
        let yaml = parseYAML(bytes, source: source, limits: limits)
        return yaml.problems.contains(where: \.losesDocument) ? json : yaml
    }

    /// Reads a string, for documents that come with the program and for tests.
    public static func parse(_ text: String, source: String = "<string>", limits: Limits = .standard) -> ParsedSource {
        parse(Array(text.utf8), source: source, limits: limits)
    }
}
