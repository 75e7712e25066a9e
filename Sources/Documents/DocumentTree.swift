/// All documents of one source in one flat arena. Immutable once parsed; share it freely.
public final class DocumentTree: Sendable {
    /// What people call the source: a path, `<stdin>`.
    public let source: String
    @usableFromInline let nodes: [Node]
    /// Keys and scalars, UTF-8.
    @usableFromInline let text: [UInt8]
    let rootIndexes: [Int32]

    init(source: String, nodes: [Node], text: [UInt8], rootIndexes: [Int32]) {
        self.source = source
        self.nodes = nodes
        self.text = text
        self.rootIndexes = rootIndexes
    }

    /// The documents of the source in order; documents that could not be read are missing here and
    /// named by a `DocumentProblem`.
    public var roots: [Value] {
        rootIndexes.map { Value(tree: self, index: $0) }
    }

    public var nodeCount: Int { nodes.count }

    /// The entry of the mapping at `index` whose key has exactly these bytes, or -1.
    @usableFromInline
    func entry(of index: Int32, key: UnsafeBufferPointer<UInt8>) -> Int32 {
        nodes.withUnsafeBufferPointer { nodes in
            text.withUnsafeBufferPointer { text in
                var child = Int(index) + 1
                let end = Int(index) + Int(nodes[Int(index)].length)
                while child < end {
                    let node = nodes[child]
                    if Int(node.keyLength) == key.count, !node.flags.contains(.shadowed),
                        equal(text.baseAddress, Int(node.keyOffset), key)
                    {
                        return Int32(truncatingIfNeeded: child)
                    }
                    child += Int(node.length)
                }
                return -1
            }
        }
    }
}

/// Whether the bytes at `offset` are those of `key`, which is known to fit.
@inline(__always)
private func equal(_ text: UnsafePointer<UInt8>?, _ offset: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let text else { return key.isEmpty }
    for position in 0..<key.count where text[offset + position] != key[position] { return false }
    return true
}
