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

extension LedgerSource {
    /// Whether the ledger up to its checkpoint `newest` begins with what `kept` commits to, by a proof from the stored hashes: quick,
    /// and enough to know that one checkpoint extends another. It says nothing about the entries; `audit` does.
    /// - Returns: what is wrong; nil when it does.
    public func contradiction(of newest: SignedCheckpoint, with kept: SignedCheckpoint) throws(LedgerError) -> Fault? {
        let (old, new) = (kept.checkpoint, newest.checkpoint)
        guard old.origin.utf8.elementsEqual(new.origin.utf8) else {
            return Fault(.keptCheckpoint(old.size), "it is of the ledger '\(old.origin)', and this is '\(new.origin)'")
        }
        guard old.size <= new.size else {
            return Fault(.entries(new.size..<old.size), "missing: the kept checkpoint commits to it. This is an old or truncated copy")
        }
        let proof = old.size == 0 || old.size == new.size ? [] : try consistencyProof(from: old.size, to: new.size)
        guard Proof.verifiesConsistency(from: old.size, old.root, to: new.size, new.root, proof: proof) else {
            return Fault(.entries(0..<old.size), "not those that the kept checkpoint commits to: history was rewritten")
        }
        return nil
    }
}
