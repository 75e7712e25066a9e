public import Documents

/// A configuration file that lies inside the evidence.
public struct ConfigurationFile: Sendable {
    public let path: String
    /// The text in the evidence; findings stand there.
    public let place: Value
    /// The document, or the first of several.
    public let root: Value

    struct Unavailable: Error {
        let reason: String
    }

    enum Answer {
        case found([String], line: Int)
        case wrongType(String, line: Int)
        case missing
    }

    /// - Throws: `WrongType` when the list of files is broken.
    static func read(_ path: String, for component: Component, in document: EvidenceDocument) throws(WrongType) -> Result<Self, Unavailable> {
        guard let file = try document.file(path, seenBy: component.kind.rawValue) else {
            return .failure(Unavailable(reason: "the evidence does not hold \(path)"))
        }
        if file.isMissing { return .failure(Unavailable(reason: "\(path) is missing on the machine")) }
        guard let content = file.content else { return .failure(Unavailable(reason: "the evidence holds no text of \(path)")) }
        if file.isTruncated { return .failure(Unavailable(reason: "the evidence holds only the beginning of \(path)")) }
        let parsed = DocumentTree.parse(Array(content.text.utf8), source: path)
        if let problem = parsed.problems.first(where: \.losesDocument) {
            return .failure(Unavailable(reason: "\(path) line \(problem.position?.line ?? 0): \(problem.message)"))
        }
        guard let root = parsed.tree.roots.first(where: \.exists), root.kind == .mapping else {
            return .failure(Unavailable(reason: "\(path) holds no settings"))
        }
        return .success(ConfigurationFile(path: path, place: content, root: root))
    }

    /// A scalar, or the scalars of a list. etcd's file has keys with dashes, none with dots.
    func value(at field: String) -> Answer {
        var value = root
        for step in field.split(separator: ".") {
            guard value.kind == .mapping else { return .wrongType("below a mapping", line: value.position.line) }
            value = value.entry(named: String(step))
            guard value.exists else { return .missing }
        }
        let line = value.position.line
        switch value.kind {
        case .boolean: return .found([(try? value.bool()) == true ? "true" : "false"], line: line)
        case .sequence:
            guard let items = try? value.items() else { return .missing }
            return .found(items.map(\.text), line: line)
        case .mapping, nil: return .wrongType("a scalar or a list", line: line)
        default: return .found([value.text], line: line)
        }
    }
}
