internal import Documents

/// An object that exists, and that cannot be read: nested too deep, with too many fields, or no JSON object at all.
public struct UnreadableObject: Sendable, Hashable {
    /// Empty where it is not known, as for what is in no namespace.
    public let namespace: String
    /// Empty where it is not known.
    public let name: String
    /// Why.
    public let message: String

    public init(namespace: String, name: String, message: String) { (self.namespace, self.name, self.message) = (namespace, name, message) }

    /// Its metadata, as far as they are known: enough to say that it is gone.
    func place(_ source: String) -> Value? {
        let metadata = ManifestText.map(["namespace": .text(namespace), "name": .text(name)])
        return ManifestText.map(["metadata": metadata]).parsed(source: source).tree.roots.first
    }
}

/// An object as it was told, as far as it can be read.
enum WatchedObject: Sendable {
    case read(Value)
    case unreadable(UnreadableObject, resourceVersion: String)

    /// - Parameters:
    ///   - parsed: what came of the text.
    ///   - text: the object as the server sent it.
    init(_ parsed: ParsedSource, text: ArraySlice<UInt8>) {
        let problem = parsed.problems.first(where: \.losesDocument)
        if problem == nil, let root = parsed.tree.roots.first, root.kind == .mapping {
            self = .read(root)
        } else {
            let metadata = WatchedObject.metadata(of: text)
            let object = UnreadableObject(
                namespace: metadata["namespace"] ?? "", name: metadata["name"] ?? "", message: problem?.message ?? "it is no JSON object")
            self = .unreadable(object, resourceVersion: metadata["resourceVersion"] ?? "")
        }
    }

    /// What a list tells of it.
    var event: WatchEvent {
        switch self {
        case .read(let root): .present(root)
        case .unreadable(let object, _): .unreadable(object)
        }
    }

    /// What the server writes about the object, looked for without reading the rest. Names and versions need no escapes.
    private static func metadata(of text: ArraySlice<UInt8>) -> [String: String] {
        guard let metadata = ListText.members(of: text)?.first(where: { $0.key == "metadata" }),
            let members = ListText.members(of: text[metadata.value])
        else { return [:] }
        var found: [String: String] = [:]
        for member in members where ["name", "namespace", "resourceVersion"].contains(member.key) {
            let value = text[member.value]
            guard value.first == UInt8(ascii: "\""), value.count <= 512 else { continue }
            found[member.key] = String(decoding: value.dropFirst().prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        }
        return found
    }
}
