extension Value {
    /// Where this value stands in its document: `spec.containers[0].securityContext`, empty for a root.
    /// Keys that hold dots, slashes or brackets are quoted: `metadata.annotations["a.b/c"]`.
    public var fieldPath: String { path(indexes: .positions) }

    /// As `fieldPath`, with items named by their `name` where they have one (`spec.containers[app]`), so
    /// that the path survives a change of order.
    public var stablePath: String { path(indexes: .names) }

    private enum Indexes { case positions, names }

    private func path(indexes: Indexes) -> String {
        guard let root = tree.root(above: index) else { return "" }
        var path = ""
        var parent = root
        while parent != index {
            let isSequence = tree.nodes[Int(parent)].kind == .sequence
            let (child, position) = tree.child(of: parent, above: index)
            let value = Value(tree: tree, index: child)
            if isSequence {
                path += "[\(indexes == .names ? value.itemName ?? String(position) : String(position))]"
            } else {
                path += Value.pathStep(value.key, first: path.isEmpty)
            }
            parent = child
        }
        return path
    }

    private var itemName: String? {
        guard state == .present, node.kind == .mapping else { return nil }
        return try? self["name"].string()
    }

    /// One key as a step of a path.
    static func pathStep(_ key: String, first: Bool) -> String {
        let plain = !key.isEmpty && key.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "[") }
        if plain { return first ? key : "." + key }
        return "[\"\(key)\"]"
    }

    /// Calls `body` for each value on the way from `ancestor` (left out) down to this one. `position` is that
    /// of the item in its sequence, nil for an entry of a mapping. Nothing is called when this value does not
    /// stand inside `ancestor`.
    public func walk(from ancestor: Value, _ body: (_ step: Value, _ position: Int?) -> Void) {
        guard isInside(ancestor) else { return }
        var parent = ancestor.index
        while parent != index {
            let isSequence = tree.nodes[Int(parent)].kind == .sequence
            let (child, position) = tree.child(of: parent, above: index)
            body(Value(tree: tree, index: child), isSequence ? position : nil)
            parent = child
        }
    }

    /// The root of the document in which this value stands, or would stand.
    public var document: Value { tree.root(above: index).map { Value(tree: tree, index: $0) } ?? self }

    /// Names this value among all of its source, for tables of places.
    public var identity: Int { Int(index) }

    /// Whether this value stands inside `other` or is it.
    public func isInside(_ other: Value) -> Bool {
        tree === other.tree && index >= other.index && index < other.index + Int32(other.node.length)
    }

    /// The value at a dotted path below this one, as deep as it exists, and the steps that are missing.
    public func descend(_ path: String) -> (deepest: Value, missing: String) {
        var path = path
        return path.withUTF8 { path in
            var (deepest, start) = (self, 0)
            while start < path.count {
                let end = path[start...].firstIndex(of: UInt8(ascii: ".")) ?? path.count
                let next = deepest.entry(keyed: UnsafeBufferPointer(rebasing: path[start..<end]))
                guard next.isWritten else { break }
                (deepest, start) = (next, end + 1)
            }
            return (deepest, String(decoding: path.dropFirst(start), as: UTF8.self))
        }
    }
}
