public import KubernetesClient
public import Ledger

/// An address that checkpoints are sent to, as `text/plain`. Nothing can be read back from there: whoever receives them keeps them,
/// and compares.
public struct WebhookPlace: CheckpointPlace {
    private let post: OutboundPost

    public init(_ post: OutboundPost) { self.post = post }

    public var name: String { "webhook \(post.address)" }

    public func read() async throws(PublishingFault) -> PlacedCheckpoint { PlacedCheckpoint() }

    public func write(_ checkpoint: SignedCheckpoint, over placed: PlacedCheckpoint) async throws(PublishingFault) -> Bool {
        do throws(ClusterError) {
            try await post.send(Array(checkpoint.description.utf8), contentType: "text/plain; charset=utf-8")
        } catch {
            // 409 is what a receiver says that knows a checkpoint which this one does not extend.
            guard error.kind == .refused(409) || error.kind == .conflict else { throw PublishingFault(.unreachable, "\(name): \(error)") }
            throw PublishingFault(.contradiction, "\(name): it knows a checkpoint that this one does not extend; run demarc ledger verify")
        }
        return true
    }
}
