/// All documents of one source in one flat arena. Immutable once parsed; share it freely.
public final class DocumentTree: Sendable {
    /// What people call the source: a path, `<stdin>`.
    public let source: String
    @usableFromInline let nodes: [Node]
    /// Keys and scalars, UTF-8.
    @usableFromInline let text: [UInt8]
    let rootIndexes: [Int32]
    private let wide: WideContainers

    /// - Parameter wide: indexes of containers with many children, as far as they are known.
    init(source: String, nodes: [Node], text: [UInt8], rootIndexes: [Int32], wide: [Int] = []) {
        self.wide = WideContainers(wide, among: nodes)
        self.source = source
        self.nodes = nodes
        self.text = text
        self.rootIndexes = rootIndexes
    }

    /// The same tree under another name for its source, for one whose best name stands in itself. Costs nothing: all is shared.
    public func named(_ source: String) -> DocumentTree { DocumentTree(self, source: source) }

    /// These values as documents of their own, for objects that arrive in an envelope: their paths then begin with themselves.
    /// Costs nothing: all else is shared. Values of another tree, or that are missing, stay what they are.
    public func rooted(at values: [Value]) -> [Value] {
        let own = values.filter { $0.tree === self && $0.isWritten }
        let tree = DocumentTree(self, roots: own.map(\.index).sorted())
        return values.map { $0.tree === self && $0.isWritten ? Value(tree: tree, index: $0.index) : $0 }
    }

    private init(_ other: DocumentTree, source: String? = nil, roots: [Int32]? = nil) {
        self.source = source ?? other.source
        (nodes, text, rootIndexes, wide) = (other.nodes, other.text, roots ?? other.rootIndexes, other.wide)
    }

    /// The documents of the source in order; documents that could not be read are missing here and
    /// named by a `DocumentProblem`.
    public var roots: [Value] {
        rootIndexes.map { Value(tree: self, index: $0) }
    }

    public var nodeCount: Int { nodes.count }

    /// Bytes this tree keeps in memory.
    public var memory: Int { nodes.capacity * MemoryLayout<Node>.stride + text.capacity }

    /// The root of the document in which a node stands. A stream may hold a hundred thousand documents, so no walk.
    func root(above index: Int32) -> Int32? {
        var (low, high) = (0, rootIndexes.count)
        while low < high {
            let middle = (low + high) / 2
            if rootIndexes[middle] <= index { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : rootIndexes[low - 1]
    }

    /// The child of a container under which a node stands, and its position among the children.
    func child(of parent: Int32, above index: Int32) -> (child: Int32, position: Int) {
        if let found = wide.child(of: parent, above: index) { return found }
        var child = parent + 1
        var position = 0
        while child + Int32(truncatingIfNeeded: nodes[Int(child)].length) <= index {
            child += Int32(truncatingIfNeeded: nodes[Int(child)].length)
            position += 1
        }
        return (child, position)
    }

    /// Goes from the mapping at `index` to the entry whose key has exactly these bytes. Where there is none, the index
    /// stays and the state tells why.
    ///
    /// That it releases nothing is promised to the optimiser: it then need not keep the tree alive between the steps of
    /// a chain. The arrays are read through pointers without a bounds check: the builder made every offset and length in
    /// them, the fuzz targets prove it, and this loop runs some ten million times in a scan.
    @usableFromInline @_effects(readonly)
    func step(
        from index: Int32, _ state: Value.State, to key: UnsafeBufferPointer<UInt8>, signature: UInt32
    ) -> (index: Int32, state: Value.State) {
        guard state == .present else { return (index, state) }
        return nodes.withUnsafeBufferPointer { nodes in
            guard let base = nodes.baseAddress else { return (index, .missing) }
            let mapping = base + Int(index)
            guard mapping.pointee.isA(.mapping) else {
                return (index, mapping.pointee.isA(.null) ? .missing : .notAMapping)
            }
            var child = mapping + 1
            let end = mapping + Int(mapping.pointee.length)
            while child < end {
                if child.pointee.header & (KeySignature.mask | Node.shadowedFlag) == signature, hasBytes(child.pointee.keyOffset, key) {
                    return (Int32(truncatingIfNeeded: child - base), .present)
                }
                child += Int(child.pointee.length)
            }
            return (index, .missing)
        }
    }

    /// Whether the text at `offset` begins with these bytes; the caller knows that it is long enough.
    @inline(__always)
    private func hasBytes(_ offset: UInt32, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { text in
            guard let text = text.baseAddress else { return key.isEmpty }
            return equalBytes(text + Int(offset), key)
        }
    }

    /// Whether the scalar at `index` has exactly this text.
    @usableFromInline @_effects(readonly)
    func hasText(_ expected: UnsafeBufferPointer<UInt8>, at index: Int32) -> Bool {
        let node = nodes[Int(index)]
        guard Int(node.textLength) == expected.count else { return false }
        return hasBytes(node.textOffset, expected)
    }
}

extension Value {
    /// Bytes that the tree of this value keeps in memory, as long as the value lives.
    public var treeMemory: Int { tree.memory }

    /// The same place in the same document, under another name for its source.
    public func named(_ source: String) -> Value { Value(tree: tree.named(source), index: index, state: state) }
}

/// Whether `bytes` begins with `key`; the caller knows that it is long enough.
@inlinable @inline(__always)
func equalBytes(_ bytes: UnsafePointer<UInt8>, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    for position in 0..<key.count where bytes[position] != key[position] { return false }
    return true
}
