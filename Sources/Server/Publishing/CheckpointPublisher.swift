public import Ledger

/// Shows a ledger's newest checkpoint in a place outside of it, and only if it extends what the place shows already.
public struct CheckpointPublisher: Sendable {
    public enum Outcome: Sendable, Equatable {
        /// The checkpoint of this size is there now.
        case published(Int)
        /// It was there already.
        case unchanged(Int)
    }

    private let ledger: any LedgerSource
    private let keys: [VerifierKey]

    /// - Parameter keys: one of them must have signed the ledger's checkpoint, when there are any.
    public init(_ ledger: any LedgerSource, keys: [VerifierKey] = []) { (self.ledger, self.keys) = (ledger, keys) }

    /// Between reading and writing somebody else may have published, as when a lease has just changed hands.
    private static let attempts = 3

    public func publish(to place: any CheckpointPlace) async throws(PublishingFault) -> Outcome {
        for _ in 0..<Self.attempts {
            let placed = try await place.read()
            // Read after the place, so that what somebody published meanwhile is not taken for missing here.
            let newest = try extending(placed.checkpoint, shownBy: place)
            let size = newest.checkpoint.size
            if let shown = placed.checkpoint, shown.note.text == newest.note.text { return .unchanged(size) }
            if try await place.write(newest, over: placed) { return .published(size) }
        }
        throw PublishingFault(.unreachable, "\(place.name) changed at each attempt; let one program alone publish there")
    }

    private func extending(_ shown: SignedCheckpoint?, shownBy place: any CheckpointPlace) throws(PublishingFault) -> SignedCheckpoint {
        let newest: SignedCheckpoint
        let fault: Fault?
        do throws(LedgerError) {
            guard let checkpoint = try ledger.checkpoint() else { throw .unusable(path: "the ledger", reason: "it has no checkpoint") }
            newest = checkpoint
            if !keys.isEmpty {
                do { _ = try newest.note.verified(by: keys) } catch { throw .note(error) }
            }
            fault = try shown.flatMap { (kept) throws(LedgerError) in try ledger.contradiction(of: newest, with: kept) }
        } catch {
            throw PublishingFault(.ledger, "nothing was published: \(error)")
        }
        if let fault {
            throw PublishingFault(
                .contradiction, "\(place.name) shows a checkpoint that this ledger does not extend, and keeps it: \(fault); run demarc ledger verify")
        }
        return newest
    }
}
