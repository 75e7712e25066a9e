/// Proofs about the tree (RFC 6962, sections 2.1.1 and 2.1.2): that an entry is in it, and that a larger tree only
/// adds to a smaller one. They are made from stored hashes and checked with two roots and nothing else.
public enum Proof {
    /// The hashes that lead from entry `index` to the root at `size`, the lowest first.
    /// - Precondition: `index` is below `size`; anything else gives an empty proof, which verifies for no tree but one of size 1.
    public static func inclusion<E: Error>(
        of index: Int, in size: Int, from hashes: (Subtree) throws(E) -> TreeHash
    ) throws(E) -> [TreeHash] {
        guard (0..<size).contains(index) else { return [] }
        var siblings: [Range<Int>] = []
        var range = 0..<size
        while range.count > 1 {
            let (left, right) = halves(of: range)
            siblings.append(left.contains(index) ? right : left)
            range = left.contains(index) ? left : right
        }
        var proof: [TreeHash] = []
        for sibling in siblings.reversed() { proof.append(try root(of: sibling, from: hashes)) }
        return proof
    }

    /// The hashes that show that the tree at `newSize` begins with the tree at `oldSize`. Nothing is needed, and the
    /// proof is empty, when both are the same or the old one has no entry.
    public static func consistency<E: Error>(
        from oldSize: Int, to newSize: Int, from hashes: (Subtree) throws(E) -> TreeHash
    ) throws(E) -> [TreeHash] {
        guard oldSize > 0, oldSize < newSize else { return [] }
        var siblings: [Range<Int>] = []
        var range = 0..<newSize
        while range.upperBound != oldSize {
            let (left, right) = halves(of: range)
            if oldSize <= left.upperBound {
                siblings.append(right)
                range = left
            } else {
                siblings.append(left)
                range = right
            }
        }
        // The verifier knows the old root; when that is the last subtree itself, it is not repeated.
        if range.lowerBound > 0 { siblings.append(range) }
        var proof: [TreeHash] = []
        for sibling in siblings.reversed() { proof.append(try root(of: sibling, from: hashes)) }
        return proof
    }

    /// Whether `proof` shows that `leaf` is entry `index` of the tree with this root.
    public static func verifiesInclusion(of leaf: TreeHash, at index: Int, size: Int, root: TreeHash, proof: [TreeHash]) -> Bool {
        guard (0..<max(size, 0)).contains(index) else { return false }
        var (node, last) = (index, size - 1)
        var hash = leaf
        for sibling in proof {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = .node(sibling, hash)
                // A left edge that has no sibling at a level has none in the proof either.
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                hash = .node(hash, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// Whether `proof` shows that the tree at `newSize` only adds to the one at `oldSize`.
    public static func verifiesConsistency(
        from oldSize: Int, _ oldRoot: TreeHash, to newSize: Int, _ newRoot: TreeHash, proof: [TreeHash]
    ) -> Bool {
        guard oldSize >= 0, oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return proof.isEmpty && oldRoot == .empty }
        var rest = proof[...]
        var (node, last) = (oldSize - 1, newSize - 1)
        while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
        // An old tree that is one complete subtree is its own first hash.
        guard let seed = node == 0 ? oldRoot : rest.popFirst() else { return false }
        var (old, new) = (seed, seed)
        for sibling in rest {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                old = .node(sibling, old)
                new = .node(sibling, new)
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                new = .node(new, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && old == oldRoot && new == newRoot
    }

    /// The hash over a range as the tree has it, from the complete subtrees that cover it.
    public static func root<E: Error>(of range: Range<Int>, from hashes: (Subtree) throws(E) -> TreeHash) throws(E) -> TreeHash {
        var result: TreeHash?
        for subtree in Subtree.covering(range).reversed() {
            let hash = try hashes(subtree)
            result = result.map { .node(hash, $0) } ?? hash
        }
        return result ?? .empty
    }

    /// The two sides of a node: the left one has the largest power of two below the whole.
    private static func halves(of range: Range<Int>) -> (Range<Int>, Range<Int>) {
        let half = 1 << (Int.bitWidth - 1 - (range.count - 1).leadingZeroBitCount)
        let middle = range.lowerBound + half
        return (range.lowerBound..<middle, middle..<range.upperBound)
    }
}
