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
    @usableFromInline var kind: NodeKind
    @usableFromInline var flags: Flags
    /// Bytes of the key, 0 for roots and items of a sequence.
    @usableFromInline var keyLength: UInt16
    /// Where the key starts in `DocumentTree.text`; equal keys of one tree start at the same place.
    @usableFromInline var keyOffset: UInt32
    /// Where the scalar's text starts in `DocumentTree.text`; for a container the number of its children.
    @usableFromInline var textOffset: UInt32
    @usableFromInline var textLength: UInt32
    /// One-based.
    @usableFromInline var line: UInt32
    /// One-based, in characters.
    @usableFromInline var column: UInt32
    /// Nodes of this subtree, this one included, so that `index + length` is the next sibling.
    @usableFromInline var length: UInt32

    @usableFromInline
    struct Flags: OptionSet, Sendable {
        @usableFromInline let rawValue: UInt8
        @usableFromInline init(rawValue: UInt8) { self.rawValue = rawValue }
        /// A boolean that is true.
        @usableFromInline static let isTrue = Flags(rawValue: 1)
        /// A later entry of the same mapping has the same key: the API server never sees this one.
        @usableFromInline static let shadowed = Flags(rawValue: 2)
        /// The node is the value of a key, which may be the empty string.
        @usableFromInline static let hasKey = Flags(rawValue: 4)
    }
}
