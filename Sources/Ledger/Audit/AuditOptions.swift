/// What a verification may rely on: things that whoever has the ledger could not change.
public struct AuditOptions: Sendable {
    /// Keys from outside: of the ledger, and of witnesses.
    public var keys: [VerifierKey] = []
    /// A checkpoint that was kept outside. It alone shows that an old copy was put in the place of the ledger.
    public var kept: SignedCheckpoint?

    public init(keys: [VerifierKey] = [], kept: SignedCheckpoint? = nil) {
        self.keys = keys
        self.kept = kept
    }
}
