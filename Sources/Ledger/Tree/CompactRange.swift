/// The tree's right edge: the roots of the largest complete subtrees, the largest first. It is all that appending
/// and the root need, at most one hash for each bit of the size.
public struct CompactRange: Sendable, Equatable {
    /// The number of entries so far.
    public private(set) var size: Int
    /// One for each bit that is set in `size`, from the highest.
    private var edge: [TreeHash]

    public init() {
        size = 0
        edge = []
    }

    /// Takes up the tree at a size from stored hashes.
    public init<E: Error>(size: Int, from hashes: (Subtree) throws(E) -> TreeHash) throws(E) {
        self.size = size
        edge = []
        for subtree in Subtree.covering(0..<size) { edge.append(try hashes(subtree)) }
    }

    /// Appends the hash of one entry. `completed` is told of each subtree that this completes, the smallest first; the
    /// entry itself is not among them.
    public mutating func append(_ leaf: TreeHash, completed: (Subtree, TreeHash) -> Void = { _, _ in }) {
        var hash = leaf
        var level = 0
        while size >> level & 1 == 1, let left = edge.popLast() {
            hash = .node(left, hash)
            level += 1
            completed(Subtree(level: level, position: size >> level), hash)
        }
        edge.append(hash)
        size += 1
    }

    /// The root of the tree with `size` entries.
    public var root: TreeHash {
        guard var hash = edge.last else { return .empty }
        for left in edge.dropLast().reversed() { hash = .node(left, hash) }
        return hash
    }
}

/// A complete subtree: 2 to the power of `level` entries, the `position`-th such group from the left.
public struct Subtree: Hashable, Sendable {
    public let level: Int
    public let position: Int

    public init(level: Int, position: Int) {
        self.level = level
        self.position = position
    }

    /// The entries below it.
    public var entries: Range<Int> { position << level..<(position + 1) << level }

    /// The largest complete subtrees that cover a range, from left to right. The range begins where a subtree of at
    /// least its length begins, as every range in a proof does.
    static func covering(_ range: Range<Int>) -> [Subtree] {
        var result: [Subtree] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let level = Int.bitWidth - 1 - (range.upperBound - start).leadingZeroBitCount
            result.append(Subtree(level: level, position: start >> level))
            start += 1 << level
        }
        return result
    }
}
