public import Ledger

/// A place outside of the ledger's database that shows its newest checkpoint. Whoever can change the database but not this place
/// can no longer rewrite what the checkpoint commits to without being noticed.
public protocol CheckpointPlace: Sendable {
    /// For people, such as `ConfigMap demarc/ledger`.
    var name: String { get }

    /// What is there now.
    func read() async throws(PublishingFault) -> PlacedCheckpoint

    /// Writes over exactly what was read.
    /// - Returns: whether it is written; false when somebody else was faster.
    func write(_ checkpoint: SignedCheckpoint, over placed: PlacedCheckpoint) async throws(PublishingFault) -> Bool
}

/// What a place showed when it was read.
public struct PlacedCheckpoint: Sendable {
    /// nil where there is none yet, or where nothing can be read back.
    public let checkpoint: SignedCheckpoint?
    /// What the place calls the version that was read.
    let version: String?

    init(_ checkpoint: SignedCheckpoint? = nil, version: String? = nil) { (self.checkpoint, self.version) = (checkpoint, version) }

    /// - Throws: `contradiction`: what stands where a checkpoint should be was put there by somebody else.
    init(text: String, version: String?, in place: String) throws(PublishingFault) {
        do { self.init(try SignedCheckpoint(Array(text.utf8)), version: version) } catch {
            throw PublishingFault(
                .contradiction, "\(place): what is there is no checkpoint (\(error)); find out who wrote it, and remove it if it may go")
        }
    }
}

/// Why a checkpoint was not published.
public struct PublishingFault: Error, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The place cannot be reached, or refuses; later it may not.
        case unreachable
        /// The ledger and the place do not fit together. Nothing is written over: what is there is the proof.
        case contradiction
        /// The ledger cannot be read.
        case ledger
    }

    public let kind: Kind
    public let description: String

    init(_ kind: Kind, _ description: String) { (self.kind, self.description) = (kind, description) }
}
