/// What a node of a document tree is, after the scalar rules of its syntax have been applied.
public enum NodeKind: UInt8, Sendable {
    case null, boolean, integer, float, string, sequence, mapping
}

/// One node of a document: 28 bytes, in document order, children directly behind their parent.
///
/// A mapping's entry is one node: the node of its value, which also carries the key. Line and column
/// are those of the key where there is one, since that is what a person looks for.
@usableFromInline
struct Node: Sendable {
    /// Everything a lookup compares before it looks at text: kind, flags and `KeySignature`.
    @usableFromInline var header: UInt32
    /// Where the key starts in `DocumentTree.text`.
    @usableFromInline var keyOffset: UInt32 = 0
    /// Where the scalar's text starts in `DocumentTree.text`; for a container the number of its children.
    @usableFromInline var textOffset: UInt32 = 0
    @usableFromInline var textLength: UInt32 = 0
    /// One-based.
    @usableFromInline var line: UInt32
    /// One-based, in characters.
    @usableFromInline var column: UInt32
    /// Nodes of this subtree, this one included, so that `index + length` is the next sibling.
    @usableFromInline var length: UInt32 = 1

    init(kind: NodeKind, line: UInt32, column: UInt32) {
        header = UInt32(kind.rawValue)
        self.line = line
        self.column = column
    }

    @inlinable
    var kind: NodeKind {
        get { NodeKind(rawValue: UInt8(truncatingIfNeeded: header & Node.kindMask)) ?? .null }
        set { header = header & ~Node.kindMask | UInt32(newValue.rawValue) }
    }

    /// Whether the kind is this one, without making a kind of the bits.
    @inlinable @inline(__always)
    func isA(_ kind: NodeKind) -> Bool { header & Node.kindMask == UInt32(kind.rawValue) }

    /// A boolean that is true.
    @inlinable
    var isTrue: Bool { header & Node.trueFlag != 0 }

    /// A later entry of the same mapping has the same key: the API server never sees this one.
    @inlinable
    var isShadowed: Bool { header & Node.shadowedFlag != 0 }

    /// Bytes of the key, 0 for roots and items of a sequence.
    @inlinable
    var keyLength: Int { Int(header >> 16) }

    /// What `KeySignature` gives for the key of this entry.
    var signature: UInt32 { header & KeySignature.mask }

    mutating func setKey(offset: UInt32, signature: UInt32) {
        keyOffset = offset
        header = header & ~(KeySignature.mask | Node.shadowedFlag) | signature
    }

    mutating func setTrue() { header |= Node.trueFlag }
    mutating func shadow() { header |= Node.shadowedFlag }

    @usableFromInline static let kindMask: UInt32 = 0x7
    @usableFromInline static let trueFlag: UInt32 = 0x8
    @usableFromInline static let shadowedFlag: UInt32 = 0x10
}

/// A key in 27 bits: that it is there, its length, and ten bits of its text. Two keys with different
/// signatures differ, so most comparisons of a lookup end without touching text.
@usableFromInline
enum KeySignature {
    /// The node is the value of a key, which may be the empty string.
    @usableFromInline static let present: UInt32 = 0x20
    @usableFromInline static let mask: UInt32 = 0xFFFF_FFE0
    /// Longer keys are refused.
    @usableFromInline static let longestKey = 65_535

    @inlinable @inline(__always)
    static func of(_ key: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let count = key.count
        guard count > 0, let bytes = key.baseAddress else { return present }
        // No entry has such a key, and without `present` this fits none.
        guard count <= longestKey else { return 0 }
        // First, middle and last byte tell Kubernetes' field names of one length apart.
        let mixed = UInt32(bytes[0]) &* 0x25 ^ UInt32(bytes[count >> 1]) &* 0x2B9 ^ UInt32(bytes[count - 1]) &* 0x13
        return UInt32(truncatingIfNeeded: count) << 16 | (mixed & 0x3FF) << 6 | present
    }
}
