/// What one source may cost. Each limit exists because a few bytes of input can ask for much more work.
public struct Limits: Sendable, Equatable {
    /// Bytes of one source. No more than 1 GiB, since decoded text may grow and offsets have 32 bits.
    public var bytes: Int { didSet { bytes = min(bytes, Limits.mostBytes) } }
    /// Nesting of containers, aliases expanded. libyaml itself refuses more than 1,000 in YAML.
    public var depth: Int
    /// Nodes of one source. Their indexes have 31 bits.
    public var nodes: Int { didSet { nodes = min(nodes, Limits.mostNodes) } }
    /// Nodes that aliases and merge keys may add in one source.
    public var expandedNodes: Int
    /// Problems that are listed of one source.
    public var problems: Int

    public init(
        bytes: Int = 512 << 20, depth: Int = 512, nodes: Int = 50_000_000, expandedNodes: Int = 1_000_000, problems: Int = 100
    ) {
        self.bytes = min(bytes, Limits.mostBytes)
        self.depth = depth
        self.nodes = min(nodes, Limits.mostNodes)
        self.expandedNodes = expandedNodes
        self.problems = problems
    }

    public static let standard = Limits()

    private static let mostBytes = 1 << 30
    private static let mostNodes = Int(Int32.max)
}

/// Something in a source that could not be read, or was read otherwise than it looks. Always a gap in the
/// coverage, never silently dropped.
public struct DocumentProblem: Error, Sendable, Equatable {
    public enum Reason: String, Sendable {
        /// Not well-formed in its syntax.
        case syntax
        /// Not UTF-8 or UTF-16.
        case encoding
        /// One of `Limits` was reached.
        case limit
        /// A key stands twice in a mapping; the last one is judged.
        case duplicateKey
    }

    public let source: String
    public let position: Position?
    public let reason: Reason
    public let message: String

    public init(source: String, position: Position?, reason: Reason, message: String) {
        self.source = source
        self.position = position
        self.reason = reason
        self.message = message
    }

    /// Whether the document was lost, as opposed to read with a remark.
    public var losesDocument: Bool { reason != .duplicateKey }
}
