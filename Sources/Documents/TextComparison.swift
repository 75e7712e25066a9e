/// Comparisons on the bytes in the tree, for checks that look at keys and texts of many objects and must
/// not build a `String` before they have found something.
extension Value {
    /// Whether the scalar here is a string with one of two texts.
    /// - Throws: `WrongType` when the field is there and no string.
    public func equals(_ one: StaticString, or other: StaticString) throws(WrongType) -> Bool {
        if try equals(one) { return true }
        return try equals(other)
    }

    /// A boolean written as a string, as annotations have them; read as Go's `strconv.ParseBool` reads it, since that is
    /// what controllers do. nil for anything else.
    /// - Throws: `WrongType` when the field is there and no string.
    public func flag() throws(WrongType) -> Bool? {
        guard exists else { return nil }
        for text in trueTexts where try equals(text) { return true }
        for text in falseTexts where try equals(text) { return false }
        return nil
    }

    /// Runs `body` on the bytes of the key this value stands under; none for roots and items.
    public func withKey<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        guard state == .present else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
        let node = self.node
        let start = Int(node.keyOffset)
        return tree.text.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<start + Int(node.keyLength)])) }
    }

    public func keyHasPrefix(_ prefix: StaticString) -> Bool {
        withKey { key in prefix.withUTF8Buffer { key.starts(with: $0) } }
    }

    public func keyHasSuffix(_ suffix: StaticString) -> Bool {
        withKey { key in suffix.withUTF8Buffer { key.count >= $0.count && key.suffix($0.count).elementsEqual($0) } }
    }

    /// Whether the scalar here contains this text; false where no scalar is.
    public func textContains(_ part: StaticString) -> Bool {
        withText { text in part.withUTF8Buffer { contains($0, in: text) } }
    }

    /// Whether two scalars are written alike; false when one is missing.
    public func hasSameText(as other: Value) -> Bool {
        guard exists, other.exists else { return false }
        return withText { text in other.withText { $0.elementsEqual(text) } }
    }
}

private let trueTexts: [StaticString] = ["true", "True", "TRUE", "1", "t", "T"]
private let falseTexts: [StaticString] = ["false", "False", "FALSE", "0", "f", "F"]

private func contains(_ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = part.first else { return true }
    var start = 0
    while start + part.count <= text.count {
        if text[start] == first, text[start..<start + part.count].elementsEqual(part) { return true }
        start += 1
    }
    return false
}
