internal import Documents

/// The text of one object as a server sends it, cut out of a list or an event and read as a document of its own.
enum ObjectText {
    /// What `kubectl apply` keeps in an annotation: the manifest once more, all of it. It is left out as soon as it arrives.
    private static let copy = "kubectl.kubernetes.io/last-applied-configuration"

    /// The object without the copy of itself.
    static func trimmed(_ object: ArraySlice<UInt8>) -> [UInt8] {
        guard let metadata = ListText.members(of: object)?.first(where: { $0.key == "metadata" }),
            let annotations = ListText.members(of: object[metadata.value])?.first(where: { $0.key == "annotations" }),
            let entries = ListText.members(of: object[annotations.value]), entries.contains(where: { $0.key == copy })
        else { return Array(object) }
        var text: [UInt8] = []
        text.reserveCapacity(object.count)
        text += object[..<annotations.value.lowerBound]
        text.append(UInt8(ascii: "{"))
        for (index, entry) in entries.lazy.filter({ $0.key != copy }).enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += object[entry.whole]
        }
        text.append(UInt8(ascii: "}"))
        text += object[annotations.value.upperBound...]
        return text
    }
}
