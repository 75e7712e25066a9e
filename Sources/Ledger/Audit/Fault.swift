/// One thing that does not fit, at its exact place.
public struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// Where it is.
    public enum Place: Hashable, Sendable, CustomStringConvertible {
        case entry(Int)
        case entries(Range<Int>)
        /// A stored hash of a complete subtree.
        case subtree(Subtree)
        /// A file of an export.
        case tile(String)
        /// The checkpoint of this size.
        case checkpoint(Int)
        /// A checkpoint that was kept outside.
        case keptCheckpoint(Int)
        case keys
        /// The form of the database: tables, triggers, what it says about itself.
        case database

        public var description: String {
            switch self {
            case .entry(let number): "entry \(number)"
            case .entries(let range): range.count == 1 ? "entry \(range.lowerBound)" : "entries \(range.lowerBound) to \(range.upperBound - 1)"
            case .subtree(let subtree): "hash of entries \(subtree.entries.lowerBound) to \(subtree.entries.upperBound - 1)"
            case .tile(let path): path
            case .checkpoint(let size): "checkpoint of size \(size)"
            case .keptCheckpoint(let size): "kept checkpoint of size \(size)"
            case .keys: "keys"
            case .database: "database"
            }
        }
    }

    public let place: Place
    /// What is wrong there.
    public let message: String

    public init(_ place: Place, _ message: String) {
        self.place = place
        self.message = message
    }

    public var description: String { "\(place): \(message)" }
}

/// What a verification found.
public struct AuditReport: Sendable {
    public struct Witness: Hashable, Sendable {
        public let name: String
        /// Seconds since 1970, as the witness states.
        public let time: UInt64
    }

    /// The ledger's name, empty when not even that can be read.
    public internal(set) var origin = ""
    /// Entries that were read.
    public internal(set) var size = 0
    /// The root over them.
    public internal(set) var root = TreeHash.empty
    /// The newest checkpoint that is in order.
    public internal(set) var checkpoint: SignedCheckpoint?
    /// The ledger's keys, the first one first; each but the first was taken up by a checkpoint that the key before it signed too.
    public internal(set) var keys: [VerifierKey] = []
    /// The sizes of the checkpoints by which the later keys were taken up.
    public internal(set) var rotations: [Int] = []
    /// Whether one of them came from outside. Without that, whoever rewrites everything with a key of his own is not noticed.
    public internal(set) var isKeyTrusted = false
    /// Whose cosignatures of the newest or the kept checkpoint are in order.
    public internal(set) var witnesses: [Witness] = []
    /// Empty when everything fits.
    public internal(set) var faults: [Fault] = []
    /// There are more faults than are listed.
    public internal(set) var hasMoreFaults = false
    /// What was asked for and could not be looked at.
    public internal(set) var gaps: [String] = []

    static let maximalFaults = 100

    mutating func add(_ fault: Fault) {
        guard faults.count < Self.maximalFaults else { return hasMoreFaults = true }
        if !faults.contains(fault) { faults.append(fault) }
    }
}
