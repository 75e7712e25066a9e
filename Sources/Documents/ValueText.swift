/// Look-ups and comparisons with text known when compiling; none of them allocates.
extension Value {
    /// The entry of a mapping, nil when it is missing. Reads as the subscript does (what is no mapping still throws
    /// from the reader), but a field that is not there costs nothing: for checks that ask many objects for what few have.
    @inlinable
    public func written(_ key: StaticString) -> Value? {
        let value = self[key]
        return value.state == .missing ? nil : value
    }

    /// Whether this value stands under exactly this key.
    public func isKeyed(_ key: StaticString) -> Bool {
        withKey { own in key.withUTF8Buffer { $0.count == own.count && $0.elementsEqual(own) } }
    }

    /// Whether the key this value stands under starts with this text.
    public func isKeyed(prefix: StaticString) -> Bool {
        withKey { own in prefix.withUTF8Buffer { $0.count <= own.count && $0.elementsEqual(own.prefix($0.count)) } }
    }

    /// Whether the string here is one of these. Keep the list in a constant, so that asking costs no allocation.
    /// - Throws: `WrongType` when the field is there and no string.
    public func equals(anyOf expected: [StaticString]) throws(WrongType) -> Bool {
        guard state != .missing else { return false }
        guard state == .present, node.kind == .string else { return try nothing(insteadOf: "a string") ?? false }
        return withText { text in
            expected.contains { $0.withUTF8Buffer { $0.count == text.count && $0.elementsEqual(text) } }
        }
    }

    /// Whether the key this value stands under is one of these.
    public func isKeyed(anyOf keys: [StaticString]) -> Bool {
        withKey { own in
            keys.contains { $0.withUTF8Buffer { $0.count == own.count && $0.elementsEqual(own) } }
        }
    }

    /// Whether the string here starts with this text.
    /// - Throws: `WrongType` when the field is there and no string.
    public func hasPrefix(_ prefix: StaticString) throws(WrongType) -> Bool {
        guard state != .missing else { return false }
        guard state == .present, node.kind == .string else { return try nothing(insteadOf: "a string") ?? false }
        return withText { text in
            prefix.withUTF8Buffer { $0.count <= text.count && $0.elementsEqual(text.prefix($0.count)) }
        }
    }

    /// Whether the string here is missing, null or empty, which the API does not tell apart.
    /// - Throws: `WrongType` when the field is there and no string.
    public func isEmptyString() throws(WrongType) -> Bool {
        guard state != .missing else { return true }
        guard state == .present, node.kind == .string else { return try nothing(insteadOf: "a string") ?? true }
        return node.textLength == 0
    }
}
