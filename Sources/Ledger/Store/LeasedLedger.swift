/// A ledger that several replicas know and only one adds to: whoever holds the lease. Each hold of the lease has a token, larger
/// than all before it, and the database refuses a writer whose token is not the newest it has seen. So a replica that was
/// suspended in the middle of its work, and wakes when another has taken over, cannot fork the ledger.
public actor LeasedLedger {
    private let path: String
    private let key: SigningKey
    private let token: @Sendable () -> Int?
    private let kept: @Sendable () async throws(LedgerError) -> SignedCheckpoint?
    private var current: (writer: LedgerWriter, token: Int)?

    /// - Parameters:
    ///   - token: that of the lease while it is held, at this moment; else nil.
    ///   - kept: the newest checkpoint that was published, asked for whenever this replica takes over: a database that was
    ///     put back to an older state is not continued.
    public init(
        path: String, key: SigningKey, token: @escaping @Sendable () -> Int?,
        kept: @escaping @Sendable () async throws(LedgerError) -> SignedCheckpoint? = { () async throws(LedgerError) in nil }
    ) {
        (self.path, self.key, self.token, self.kept) = (path, key, token, kept)
    }

    /// Adds an entry, while this replica holds the lease.
    /// - Throws: `notWriter` when it does not, `fenced` when another has taken over since.
    public func append(_ entry: Entry) async throws(LedgerError) -> LedgerWriter.Receipt {
        try await writer().append(entry)
    }

    /// Takes the ledger over, without adding anything: from then on writers of earlier holds are refused, and what is read is all there is.
    public func takeOver() async throws(LedgerError) { _ = try await writer() }

    /// The writer for this hold of the lease; one for an earlier hold is never used again.
    private func writer() async throws(LedgerError) -> LedgerWriter {
        guard let held = token() else {
            current = nil
            throw .notWriter(path: path)
        }
        if let current, current.token == held { return current.writer }
        let kept = try await kept()
        // Another append may have opened it while this one waited.
        if let current, current.token == held { return current.writer }
        let writer = try LedgerWriter(path: path, key: key, fence: held, kept: kept)
        current = (writer, held)
        return writer
    }
}
