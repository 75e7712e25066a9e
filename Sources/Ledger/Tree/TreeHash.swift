internal import Crypto

/// A hash of the tree: 32 bytes of SHA-256, kept in the value itself because a verification makes millions of them.
///
/// Leaves and nodes are hashed with different first bytes (RFC 6962, section 2.1), so that no entry can pass for a
/// part of the tree.
public struct TreeHash: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// The number of bytes.
    public static let length = 32

    /// Takes exactly 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        self.init(exactly: bytes)
    }

    /// The root of the tree without entries: the hash of nothing.
    public static let empty = TreeHash(exactly: SHA256.hash(data: [UInt8]()))

    /// The hash of an entry.
    public static func leaf(_ entry: some Sequence<UInt8>) -> TreeHash {
        let bytes = [0] + Array(entry)
        return bytes.withUnsafeBytes { hash(of: $0) }
    }

    /// The hash of an entry that lies in memory already.
    static func leaf(_ entry: Span<UInt8>) -> TreeHash {
        var function = SHA256()
        withUnsafeBytes(of: UInt8(0)) { function.update(bufferPointer: $0) }
        entry.withUnsafeBytes { function.update(bufferPointer: $0) }
        return finish(&function)
    }

    /// The hash of a node over its two halves.
    public static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
        var message = NodeMessage(left: left.words, right: right.words)
        // The message follows seven bytes that are there for alignment only.
        return withUnsafeBytes(of: &message) { hash(of: UnsafeRawBufferPointer(rebasing: $0[7..<72])) }
    }

    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    public static func == (one: TreeHash, other: TreeHash) -> Bool { one.words == other.words }

    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

    private init(exactly bytes: some Sequence<UInt8>) {
        words = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: Array(bytes.prefix(Self.length))) }
    }

    private static func hash(of message: UnsafeRawBufferPointer) -> TreeHash {
        var function = SHA256()
        function.update(bufferPointer: message)
        return finish(&function)
    }

    private static func finish(_ function: inout SHA256) -> TreeHash {
        function.finalize().withUnsafeBytes { digest in
            var hash = TreeHash.zero
            withUnsafeMutableBytes(of: &hash.words) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: digest.prefix(length))) }
            return hash
        }
    }

    private static let zero = TreeHash(exactly: [])

    /// What is hashed for a node, laid out so that no array is needed: 7 bytes that are not hashed, 0x01, both halves.
    private struct NodeMessage {
        let head = UInt64(bigEndian: 1)
        let left: (UInt64, UInt64, UInt64, UInt64)
        let right: (UInt64, UInt64, UInt64, UInt64)
    }
}

extension TreeHash: CustomStringConvertible {
    /// As checkpoints write it.
    public var description: String { Base64.text(of: bytes) }
}
