/// A place in a document tree: something that is there, or the fact that it is missing.
///
/// Subscripts chain without optionals: what is missing stays missing, and a step into something that is
/// no mapping is remembered and thrown by the reader at the end of the chain. So a check that reads a
/// field of the wrong type always hears of it, however long its path was.
public struct Value: Sendable {
    @usableFromInline let tree: DocumentTree
    /// The node itself, or the nearest one above that exists.
    @usableFromInline let index: Int32
    @usableFromInline let state: State

    @usableFromInline
    enum State: UInt8, Sendable { case present, missing, notAMapping }

    @inlinable
    init(tree: DocumentTree, index: Int32, state: State = .present) {
        self.tree = tree
        self.index = index
        self.state = state
    }

    /// The entry of a mapping. Missing when there is none or the mapping is absent or null, as the API
    /// server reads it.
    @inlinable @inline(__always)
    public subscript(_ key: StaticString) -> Value {
        let step = key.withUTF8Buffer { tree.step(from: index, state, to: $0, signature: KeySignature.of($0)) }
        return Value(tree: tree, index: step.index, state: step.state)
    }

    /// The entry whose key is only known at run time, such as a label.
    public func entry(named key: String) -> Value {
        var key = key
        return key.withUTF8 { entry(keyed: $0) }
    }

    func entry(keyed key: UnsafeBufferPointer<UInt8>) -> Value {
        let step = tree.step(from: index, state, to: key, signature: KeySignature.of(key))
        return Value(tree: tree, index: step.index, state: step.state)
    }

    @inlinable
    var node: Node { tree.nodes[Int(index)] }

    // MARK: - What is there

    /// Whether there is something other than null here.
    @inlinable
    public var exists: Bool { state == .present && !node.isA(.null) }

    /// Whether the field was written down at all, be it as null.
    @inlinable
    public var isWritten: Bool { state == .present }

    /// The kind of the node, nil when nothing is here.
    public var kind: NodeKind? { state == .present ? node.kind : nil }

    // MARK: - Readers: nil when missing or null

    /// - Throws: `WrongType` when the field is no boolean.
    @inlinable @inline(__always)
    public func bool() throws(WrongType) -> Bool? {
        guard state != .missing else { return nil }
        let node = self.node
        guard state == .present, node.isA(.boolean) else { return try nothing(insteadOf: "a boolean") }
        return node.isTrue
    }

    /// - Throws: `WrongType` when the field is no string.
    public func string() throws(WrongType) -> String? {
        guard state != .missing else { return nil }
        guard state == .present, node.isA(.string) else { return try nothing(insteadOf: "a string") }
        return text
    }

    /// An integer, also when it is written as a float without a fraction (`1e3`), as the API server takes it.
    /// - Throws: `WrongType` when the field is no integer or does not fit 64 bits.
    public func int() throws(WrongType) -> Int64? {
        guard state != .missing else { return nil }
        guard state == .present, node.isA(.integer) || node.isA(.float),
            let number = withText(ScalarNumber.integer)
        else { return try nothing(insteadOf: "an integer") }
        return number
    }

    /// The items of a sequence, none when it is missing or null.
    /// - Throws: `WrongType` when the field is no sequence.
    @inlinable @inline(__always)
    public func items() throws(WrongType) -> Children {
        guard state != .missing else { return Children(tree: tree, next: 0, end: 0) }
        let node = self.node
        guard state == .present, node.isA(.sequence) else {
            return try nothing(insteadOf: "a sequence") ?? Children(tree: tree, next: 0, end: 0)
        }
        return Children(tree: tree, next: index + 1, end: index + Int32(truncatingIfNeeded: node.length))
    }

    /// The entries of a mapping, none when it is missing or null; each value knows its `key`.
    /// - Throws: `WrongType` when the field is no mapping.
    @inlinable @inline(__always)
    public func entries() throws(WrongType) -> Children {
        guard state != .missing else { return Children(tree: tree, next: 0, end: 0) }
        guard state == .present, node.isA(.mapping) else {
            return try nothing(insteadOf: "a mapping") ?? Children(tree: tree, next: 0, end: 0)
        }
        return Children(tree: tree, next: index + 1, end: index + Int32(truncatingIfNeeded: node.length))
    }

    /// The strings of a sequence.
    /// - Throws: `WrongType` when the field is no sequence or one of its items no string.
    public func strings() throws(WrongType) -> [String] {
        var strings: [String] = []
        for item in try items() { strings.append(try item.string() ?? "") }
        return strings
    }

    /// A mapping of strings, such as labels; null values read as the empty string, as Kubernetes decodes them.
    /// - Throws: `WrongType` when the field is no mapping or one of its values no string.
    public func stringMap() throws(WrongType) -> [String: String] {
        var map: [String: String] = [:]
        for entry in try entries() { map[entry.key] = try entry.string() ?? "" }
        return map
    }

    /// Whether the scalar here is a string with exactly this text. Costs no allocation.
    /// - Throws: `WrongType` when the field is there and no string.
    @inlinable @inline(__always)
    public func equals(_ expected: StaticString) throws(WrongType) -> Bool {
        guard state != .missing else { return false }
        guard state == .present, node.isA(.string) else { return try nothing(insteadOf: "a string") ?? false }
        return expected.withUTF8Buffer { tree.hasText($0, at: index) }
    }

    /// nil for null, otherwise the error every reader throws.
    @usableFromInline
    func nothing<T>(insteadOf expected: StaticString) throws(WrongType) -> T? {
        guard state == .present, node.isA(.null) else {
            throw WrongType(value: self, expected: state == .notAMapping ? "a mapping" : expected)
        }
        return nil
    }

    // MARK: - Text and place

    /// The scalar as written (after unescaping); empty for containers and where nothing is.
    public var text: String {
        withText { String(decoding: $0, as: UTF8.self) }
    }

    /// The key this value stands under, empty for roots and items.
    public var key: String {
        guard state == .present else { return "" }
        let start = Int(node.keyOffset)
        return String(decoding: tree.text[start..<start + node.keyLength], as: UTF8.self)
    }

    public func withText<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let node = self.node
        guard state == .present, node.kind.rawValue < NodeKind.sequence.rawValue else {
            return body(UnsafeBufferPointer(start: nil, count: 0))
        }
        return tree.text.withUnsafeBufferPointer { text in
            body(UnsafeBufferPointer(rebasing: text[Int(node.textOffset)..<Int(node.textOffset) + Int(node.textLength)]))
        }
    }

    /// Number of entries or items, shadowed duplicates included; 0 for scalars.
    public var count: Int {
        guard state == .present, node.isA(.sequence) || node.isA(.mapping) else { return 0 }
        return Int(node.textOffset)
    }

    /// One-based position of the key (or of the item); of the nearest thing above when this is missing.
    public var position: Position {
        Position(line: Int(node.line), column: Int(node.column))
    }

    /// What people call the source this value was read from.
    public var source: String { tree.source }
}

/// One-based, the column in characters.
public struct Position: Hashable, Sendable {
    public let line: Int
    public let column: Int
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A field holds another type than the API has for it. The API server refuses such an object, so it can
/// neither pass nor fail a check.
public struct WrongType: Error, Sendable {
    public let value: Value
    /// What the API has here, with its article: "a boolean".
    public let expected: StaticString
    /// What the value belongs to, where its position alone tells people too little: a file's path. Empty otherwise.
    public let owner: String

    public init(value: Value, expected: StaticString, of owner: String = "") {
        self.value = value
        self.expected = expected
        self.owner = owner
    }
}

/// The entries of a mapping or the items of a sequence, in document order, without shadowed duplicates.
public struct Children: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let tree: DocumentTree
    @usableFromInline var cursor: Int32
    @usableFromInline let end: Int32

    @inlinable
    init(tree: DocumentTree, next: Int32, end: Int32) {
        self.tree = tree
        cursor = next
        self.end = end
    }

    @inlinable
    public mutating func next() -> Value? {
        while cursor < end {
            let node = tree.nodes[Int(cursor)]
            let value = Value(tree: tree, index: cursor)
            cursor += Int32(truncatingIfNeeded: node.length)
            if !node.isShadowed { return value }
        }
        return nil
    }

    public var isEmpty: Bool {
        var rest = self
        return rest.next() == nil
    }
}
