/// What one source held.
public struct ParsedSource: Sendable {
    public let tree: DocumentTree
    /// In order of their appearance.
    public let problems: [DocumentProblem]

    /// The same under another name for the source.
    public func named(_ source: String) -> ParsedSource {
        let renamed = problems.map { DocumentProblem(source: source, position: $0.position, reason: $0.reason, message: $0.message) }
        return ParsedSource(tree: tree.named(source), problems: renamed)
    }
}

/// The syntax of a source.
public enum Syntax: Sendable {
    case yaml, json

    /// As kubectl guesses: what starts with a brace or bracket is JSON.
    static func guess(_ bytes: [UInt8]) -> Syntax {
        let first = bytes.first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .json : .yaml
    }
}

extension DocumentTree {
    /// Reads a stream of documents. Never throws: what could not be read is among the problems, and the
    /// other documents of the source are kept.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, or UTF-16 with a byte order mark.
    ///   - syntax: nil guesses as kubectl does; a source that looks like JSON and is none is read as YAML
    ///     (flow style), which is what kubectl does with it.
    public static func parse(_ bytes: [UInt8], source: String, syntax: Syntax? = nil, limits: Limits = .standard) -> ParsedSource {
        guard bytes.count <= limits.bytes else { return .unread(.tooLarge(bytes.count, source: source, limits: limits)) }
        do {
            let text = try SourceText.normalise(bytes, source: source, syntax: syntax)
            switch syntax ?? Syntax.guess(text) {
            case .yaml: return parseYAML(text, source: source, limits: limits)
            case .json where syntax == .json: return parseJSON(text, source: source, limits: limits)
            case .json: return parseEither(text, source: source, limits: limits)
            }
        } catch {
            return .unread(error)
        }
    }

    /// What looks like JSON may be YAML in flow style, or go on in YAML behind a `---`.
    private static func parseEither(_ text: [UInt8], source: String, limits: Limits) -> ParsedSource {
        let json = parseJSON(text, source: source, limits: limits)
        guard json.problems.contains(where: { $0.reason == .syntax || $0.reason == .encoding }) else { return json }
        let yaml = parseYAML(text, source: source, limits: limits)
        let isBetter = yaml.tree.rootIndexes.count > json.tree.rootIndexes.count || !yaml.problems.contains(where: \.losesDocument)
        return isBetter ? yaml : json
    }

    /// Reads a string, for documents that come with the program and for tests.
    public static func parse(_ text: String, source: String = "<string>", limits: Limits = .standard) -> ParsedSource {
        parse(Array(text.utf8), source: source, limits: limits)
    }
}

extension ParsedSource {
    /// A source of which nothing was read.
    fileprivate static func unread(_ problem: DocumentProblem) -> ParsedSource {
        ParsedSource(tree: DocumentTree(source: problem.source, nodes: [], text: [], rootIndexes: []), problems: [problem])
    }
}

extension DocumentProblem {
    fileprivate static func tooLarge(_ count: Int, source: String, limits: Limits) -> DocumentProblem {
        DocumentProblem(
            source: source, position: nil, reason: .limit,
            message: "\(count) bytes are more than the limit of \(limits.bytes) bytes a source; split it or raise --max-bytes")
    }
}
