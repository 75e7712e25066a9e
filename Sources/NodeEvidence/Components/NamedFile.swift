public import Documents

/// A file that a setting of a program names, as the evidence has it.
public enum NamedFile: Sendable {
    case read(ConfigurationFile)
    /// Why it cannot be judged.
    case unavailable(String)
}

extension EvidenceDocument {
    /// - Throws: `WrongType` when the list of files is broken.
    public func file(named path: String, by component: Component) throws(WrongType) -> NamedFile {
        switch try ConfigurationFile.read(path, for: component, in: self) {
        case .success(let file): .read(file)
        case .failure(let missing): .unavailable(missing.reason)
        }
    }

    /// When a file was last written, nil where the evidence does not say.
    public func modification(of path: String, seenBy component: Component) throws(WrongType) -> Timestamp? {
        guard let file = try file(path, seenBy: component.kind.rawValue) else { return nil }
        let place = file.place["modifiedAt"]
        guard let text = try place.string() else { return nil }
        guard let moment = Timestamp(text) else { throw WrongType(value: place, expected: "a time (RFC 3339)") }
        return moment
    }

    /// When the evidence was taken; nil where the document does not say.
    public var moment: Timestamp? {
        get throws(WrongType) {
            let place = root["collectedAt"]
            guard let text = try place.string() else { return nil }
            guard let moment = Timestamp(text) else { throw WrongType(value: place, expected: "a time (RFC 3339)") }
            return moment
        }
    }
}
