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
        guard let file = try document.file(path, seenBy: Viewer(component)) else {
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
    ///
    /// The programs decode strictly: `"true"` is no boolean to them, and they refuse to start with it.
    func value(at field: String, as type: SettingType) -> Answer {
        var value = root
        for step in field.split(separator: ".") {
            guard value.kind == .mapping else { return .wrongType("below a mapping", line: value.position.line) }
            value = value.entry(named: String(step))
            guard value.exists else { return .missing }
        }
        let line = value.position.line
        guard let values = type.values(of: value) else { return .wrongType(type.noun, line: line) }
        return .found(values, line: line)
    }
}

/// What a configuration file may hold at a field.
public enum SettingType: Sendable {
    /// Any scalar or list of scalars, for whoever looks at the text alone.
    case any
    case boolean, number, text, list

    var noun: String {
        switch self {
        case .any: "a scalar or a list"
        case .boolean: "true or false"
        case .number: "a number"
        case .text: "a string"
        case .list: "a list of strings"
        }
    }

    /// nil for a value of another type.
    fileprivate func values(of value: Value) -> [String]? {
        switch (self, value.kind) {
        case (.any, .mapping): return nil
        case (.any, .sequence): return (try? value.items()).map { $0.map(\.text) }
        case (.any, .boolean): return SettingType.boolean.values(of: value)
        case (.any, _): return [value.text]
        case (.boolean, .boolean): return (try? value.bool()).flatMap { $0 }.map { [$0 ? "true" : "false"] }
        case (.number, _): return (try? value.int()).flatMap { $0 }.map { ["\($0)"] }
        case (.text, .string): return [value.text]
        case (.list, .sequence): return try? value.strings()
        default: return nil
        }
    }
}
