/// A ledger that can be read and verified: a database, or an export of one.
public protocol LedgerSource: Sendable {
    /// The newest checkpoint. Nothing in it is checked yet.
    func checkpoint() throws(LedgerError) -> SignedCheckpoint?
    /// The bytes of an entry; nil beyond the end.
    func entry(_ number: Int) throws(LedgerError) -> [UInt8]?
    func inclusionProof(of number: Int, in size: Int) throws(LedgerError) -> [TreeHash]
    func consistencyProof(from old: Int, to new: Int) throws(LedgerError) -> [TreeHash]
    /// Computes everything anew and compares it with what is stored and signed.
    func audit(_ options: AuditOptions) throws(LedgerError) -> AuditReport
}
