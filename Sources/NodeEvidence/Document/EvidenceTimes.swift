public import Documents

extension EvidenceDocument {
    /// When a file was last written, nil where the evidence does not say.
    public func modification(of path: String, seenBy component: Component) throws(WrongType) -> Timestamp? {
        guard let file = try file(path, seenBy: Viewer(component)) else { return nil }
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
