internal import GRDB

/// What witnesses signed, kept beside the checkpoints that it is about.
public enum Cosignatures {
    /// Keeps the lines of these witnesses, for exports. It needs neither the ledger's key nor its lease, for the tree does not change.
    /// - Returns: the witnesses whose lines were taken.
    /// - Throws: `tampered` when the checkpoint is not one of this ledger: then a witness has proof of another ledger of this name.
    @discardableResult
    public static func accept(
        _ cosigned: SignedCheckpoint, by witnesses: [VerifierKey], into path: String
    ) throws(LedgerError) -> [VerifierKey] {
        do {
            let verified = try cosigned.note.verified(by: witnesses.filter { $0.kind == .cosignature }).map(\.key)
            var note = SignedNote(text: cosigned.note.text, signatures: [])
            for signature in cosigned.note.signatures
            where verified.contains(where: { $0.name == signature.name && $0.keyID == signature.keyID }) { note.add(signature) }
            let (size, text, line) = (cosigned.checkpoint.size, cosigned.note.text, note.description)
            try LedgerTip.open(path).write { db in
                try LedgerDatabase.checkForm(of: db, at: path)
                let stored = try String.fetchOne(db, sql: "SELECT note FROM checkpoint WHERE size = ?", arguments: [size])
                guard let stored, try SignedNote(Array(stored.utf8)).text == text else {
                    throw LedgerError.tampered(path: path, Fault(.keptCheckpoint(size), "the ledger has another one of this size, or none"))
                }
                try db.execute(sql: "INSERT OR IGNORE INTO cosignature (size, note) VALUES (?, ?)", arguments: [size, line])
            }
            return verified
        } catch {
            throw LedgerError(error, at: path)
        }
    }
}
