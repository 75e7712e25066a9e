import Crypto
import Testing

@testable import Ledger

/// The tree as RFC 6962 defines it, written down word by word: slow, and nothing to get wrong.
enum NaiveTree {
    static func leaf(_ entry: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: [0] + entry)) }
    static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: [1] + left + right)) }

    static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        switch leaves.count {
        case 0: return Array(SHA256.hash(data: [UInt8]()))
        case 1: return leaves[leaves.startIndex]
        default:
            let middle = leaves.startIndex + split(leaves.count)
            return node(root(leaves[..<middle]), root(leaves[middle...]))
        }
    }

    /// PATH(m, D[n])
    static func path(_ index: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
        guard leaves.count > 1 else { return [] }
        let half = split(leaves.count)
        let middle = leaves.startIndex + half
        if index < half { return path(index, leaves[..<middle]) + [root(leaves[middle...])] }
        return path(index - half, leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// SUBPROOF(m, D[n], b)
    static func subproof(_ old: Int, _ leaves: ArraySlice<[UInt8]>, _ isComplete: Bool) -> [[UInt8]] {
        if old == leaves.count { return isComplete ? [] : [root(leaves)] }
        let half = split(leaves.count)
        let middle = leaves.startIndex + half
        if old <= half { return subproof(old, leaves[..<middle], isComplete) + [root(leaves[middle...])] }
        return subproof(old - half, leaves[middle...], false) + [root(leaves[..<middle])]
    }

    private static func split(_ count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }
}

/// A tree with all its hashes in memory.
struct MemoryTree {
    private(set) var range = CompactRange()
    private(set) var leaves: [[UInt8]] = []
    private var hashes: [Subtree: TreeHash] = [:]

    init(_ count: Int) {
        for number in 0..<count {
            let leaf = TreeHash.leaf(Array("\(number)".utf8))
            leaves.append(leaf.bytes)
            hashes[Subtree(level: 0, position: number)] = leaf
            range.append(leaf) { hashes[$0] = $1 }
        }
    }

    func hash(_ subtree: Subtree) throws -> TreeHash { try #require(hashes[subtree]) }
}

struct TreeTests {
    /// Made with Python's hashlib over the entries "0", "1", …
    @Test(arguments: [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "db3426e878068d28d269b6c87172322ce5372b65756d0789001d34835f601c03"),
        (2, "cb00989d94a569c0a678ae042b63dcd4625db96440517f37a6eb7976ea24ed4b"),
        (3, "725d5230db68f557470dc35f1d8865813acd7ebb07ad152774141decbae71327"),
        (5, "b6748f6ed7a99de7da84fd97e1a3bac6fab8999f4a43695cab9528a2de431147"),
        (8, "3b85a9626c1ccb64c6b95ec7fa64888defe2cf12e39e77e10812ce5fcb9cb58e"),
    ])
    func rootsAreThoseOfAnotherProgram(size: Int, expected: String) {
        let root = MemoryTree(size).range.root
        #expect(root.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == expected)
    }

    @Test func rootsAreThoseOfTheDefinition() throws {
        let tree = MemoryTree(300)
        var range = CompactRange()
        for size in 0...300 {
            let expected = NaiveTree.root(tree.leaves[..<size])
            #expect(range.root.bytes == expected, "size \(size)")
            let stored = try CompactRange(size: size, from: tree.hash)
            #expect(stored == range)
            if size < 300 { range.append(try #require(TreeHash(tree.leaves[size]))) }
        }
    }

    /// All positions of all sizes to 64, and of some larger ones.
    @Test(arguments: Array(1...64) + [100, 127, 128, 129, 255, 256, 257, 300])
    func inclusionIsThatOfTheDefinition(size: Int) throws {
        let tree = MemoryTree(size)
        for index in 0..<size {
            let proof = try Proof.inclusion(of: index, in: size, from: tree.hash)
            #expect(proof.map(\.bytes) == NaiveTree.path(index, tree.leaves[...]))
            let leaf = try tree.hash(Subtree(level: 0, position: index))
            #expect(Proof.verifiesInclusion(of: leaf, at: index, size: size, root: tree.range.root, proof: proof))
        }
    }

    @Test(arguments: Array(1...64) + [100, 127, 128, 129, 255, 256, 257, 300])
    func consistencyIsThatOfTheDefinition(newSize: Int) throws {
        let tree = MemoryTree(newSize)
        for oldSize in 1..<max(2, newSize) where oldSize <= newSize {
            let proof = try Proof.consistency(from: oldSize, to: newSize, from: tree.hash)
            if oldSize < newSize { #expect(proof.map(\.bytes) == NaiveTree.subproof(oldSize, tree.leaves[...], true)) }
            let oldRoot = try CompactRange(size: oldSize, from: tree.hash).root
            #expect(Proof.verifiesConsistency(from: oldSize, oldRoot, to: newSize, tree.range.root, proof: proof), "\(oldSize) to \(newSize)")
        }
    }

    /// Any hash changed, added or left out, another place or size: no proof any more.
    @Test(arguments: [(3, 7), (0, 8), (6, 7), (100, 200), (4, 5)])
    func changedProofsAreRefused(index: Int, size: Int) throws {
        let tree = MemoryTree(size)
        let root = tree.range.root
        let leaf = try tree.hash(Subtree(level: 0, position: index))
        let proof = try Proof.inclusion(of: index, in: size, from: tree.hash)
        func isAccepted(_ proof: [TreeHash], at place: Int? = nil, of count: Int? = nil) -> Bool {
            Proof.verifiesInclusion(of: leaf, at: place ?? index, size: count ?? size, root: root, proof: proof)
        }
        for position in proof.indices {
            var changed = proof
            changed[position] = .leaf([9])
            #expect(!isAccepted(changed))
            changed.remove(at: position)
            #expect(!isAccepted(changed))
        }
        #expect(!isAccepted(proof + [root]))
        #expect(!isAccepted([root] + proof))
        for place in 0..<size where place != index { #expect(!isAccepted(proof, at: place)) }
        #expect(!isAccepted(proof, at: -1) && !isAccepted(proof, of: 0) && !isAccepted(proof, of: -5) && !isAccepted(proof, at: .max, of: .max))
    }

    @Test(arguments: [(1, 2), (3, 7), (4, 8), (6, 7), (64, 65), (100, 200)])
    func changedConsistencyIsRefused(oldSize: Int, newSize: Int) throws {
        let tree = MemoryTree(newSize)
        let (new, old) = (tree.range.root, try CompactRange(size: oldSize, from: tree.hash).root)
        let proof = try Proof.consistency(from: oldSize, to: newSize, from: tree.hash)
        func isAccepted(_ proof: [TreeHash], _ old: TreeHash, _ new: TreeHash) -> Bool {
            Proof.verifiesConsistency(from: oldSize, old, to: newSize, new, proof: proof)
        }
        #expect(isAccepted(proof, old, new))
        #expect(!isAccepted(proof, new, new) && !isAccepted(proof, old, old) && !isAccepted(proof + [new], old, new))
        for position in proof.indices {
            var changed = proof
            changed[position] = .leaf([9])
            #expect(!isAccepted(changed, old, new))
            changed.remove(at: position)
            #expect(!isAccepted(changed, old, new))
        }
        #expect(!Proof.verifiesConsistency(from: newSize, new, to: oldSize, old, proof: proof))
        #expect(!Proof.verifiesConsistency(from: -1, old, to: newSize, new, proof: proof))
    }

    @Test func theEmptyTreeIsPartOfEveryTree() {
        let root = MemoryTree(5).range.root
        #expect(Proof.verifiesConsistency(from: 0, .empty, to: 5, root, proof: []))
        #expect(!Proof.verifiesConsistency(from: 0, root, to: 5, root, proof: []))
        #expect(Proof.verifiesConsistency(from: 5, root, to: 5, root, proof: []))
        #expect(!Proof.verifiesConsistency(from: 5, root, to: 5, .empty, proof: []))
    }

    /// Random sizes in the thousands, with a fixed seed.
    @Test func largeTreesToo() throws {
        var random = SeededRandom(seed: 6962)
        let tree = MemoryTree(5000)
        for _ in 0..<200 {
            let size = Int.random(in: 2...5000, using: &random)
            let index = Int.random(in: 0..<size, using: &random)
            let old = Int.random(in: 1..<size, using: &random)
            let root = try CompactRange(size: size, from: tree.hash).root
            let leaf = try tree.hash(Subtree(level: 0, position: index))
            let inclusion = try Proof.inclusion(of: index, in: size, from: tree.hash)
            #expect(Proof.verifiesInclusion(of: leaf, at: index, size: size, root: root, proof: inclusion))
            let oldRoot = try CompactRange(size: old, from: tree.hash).root
            let consistency = try Proof.consistency(from: old, to: size, from: tree.hash)
            #expect(Proof.verifiesConsistency(from: old, oldRoot, to: size, root, proof: consistency))
            #expect(!Proof.verifiesConsistency(from: old, oldRoot, to: size, root, proof: inclusion) || consistency == inclusion)
        }
    }
}

/// SplitMix64: the same numbers on every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
