import Access

/// A time line lists all that changed, asked for or not. What may be a credential is shown only to whoever asks for that field.
extension FieldPath {
    static let hidden = FieldValue.string(ExactText("(hidden)"))

    /// A value that stands here, without the parts of it that may be credentials.
    /// - Parameter asked: the field that was asked for.
    func hiding(_ value: FieldValue, of subject: Subject, but asked: FieldPath?) -> FieldValue {
        guard mayBeCredential(of: subject) else { return parts(value, of: subject, but: self == asked ? nil : asked) }
        guard self != asked else { return value }
        if isConfigurationData(of: subject) { return FieldPath.hidden }
        switch value {
        case .string: return FieldPath.hidden
        case .list(let items) where !items.contains(where: \.isContainer): return items.isEmpty ? value : FieldPath.hidden
        default: return parts(value, of: subject, but: asked)
        }
    }

    private func parts(_ value: FieldValue, of subject: Subject, but asked: FieldPath?) -> FieldValue {
        switch value {
        case .map(let map):
            var shown = map
            for (key, part) in map { shown[key] = appending(.key(key)).hiding(part, of: subject, but: asked) }
            return .map(shown)
        case .list(let items):
            let keys = Advance.keys(items, lastKey)
            return .list(zip(keys, items).map { appending(.item($0)).hiding($1, of: subject, but: asked) })
        default: return value
        }
    }

    private func isConfigurationData(of subject: Subject) -> Bool {
        subject.name.group.isEmpty && subject.name.resource == "configmaps" && ["data", "binaryData"].contains(top)
    }

    /// Parts of words by which credentials go, and ends of words that only name where one is.
    private static let words = ["password", "passwd", "token", "secret", "credential", "apikey", "privatekey", "accesskey"]
    private static let references = ["name", "ref", "path", "file", "namespace"]

    private func mayBeCredential(of subject: Subject) -> Bool {
        if isConfigurationData(of: subject) { return true }
        guard case .key(let last)? = steps.last else { return false }
        if last.text == "value", steps.count > 2, case .item = steps[steps.count - 2], steps[steps.count - 3] == .key(ExactText("env")) {
            return true
        }
        let word = last.text.lowercased().filter { $0.isLetter }
        return FieldPath.words.contains { word.contains($0) } && !FieldPath.references.contains { word.hasSuffix($0) }
    }
}
