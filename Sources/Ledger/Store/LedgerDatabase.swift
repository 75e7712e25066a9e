internal import Foundation
internal import GRDB

/// What is read from a ledger's database, by writers and readers alike.
enum LedgerDatabase {
    /// - Throws: `LedgerError.notALedger` for a database of something else or of a newer version.
    static func checkForm(of db: Database, at path: String) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard application == Schema.applicationID else { throw LedgerError.notALedger(path: path, reason: "it is a database of something else") }
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard version == Schema.version else {
            throw LedgerError.notALedger(path: path, reason: "its form is of version \(version), and this Demarc reads \(Schema.version)")
        }
    }

    /// The number of entries, by the last one.
    static func count(in db: Database) throws -> Int {
        try Int.fetchOne(try db.cachedStatement(sql: "SELECT coalesce(max(number) + 1, 0) FROM entry")) ?? 0
    }

    /// - Throws: `LedgerError.tampered` where it is not there any more, or is one that nobody writes: without it a writer that was replaced would
    ///   write on.
    static func newestToken(in db: Database, at path: String) throws -> Int {
        let token = try Int.fetchOne(try db.cachedStatement(sql: "SELECT fence FROM ledger"))
        if let fault = fault(ofToken: token) { throw LedgerError.tampered(path: path, fault) }
        return token ?? 0
    }

    /// What is wrong with the newest token as it is stored; nil when nothing is.
    static func fault(ofToken token: Int?) -> Fault? {
        guard let token else { return Fault(.database, "the row with its name and the newest fencing token was removed") }
        return token < 0 ? Fault(.database, "the newest fencing token is \(token), and they rise from 0") : nil
    }

    static func newestCheckpoint(in db: Database) throws -> SignedCheckpoint? {
        guard let note = try String.fetchOne(db, sql: "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1") else { return nil }
        return try SignedCheckpoint(Array(note.utf8))
    }

    /// The key that the last of so many entries lets sign, when it is one that replaces the key.
    static func successor(in db: Database, at size: Int) throws -> VerifierKey? {
        let sql = "SELECT body FROM entry WHERE number = ?"
        guard let body = try Data.fetchOne(db, sql: sql, arguments: [size - 1]).map({ Array($0) }) else { return nil }
        let own = try OwnEntry(try EntryParts(body.span), in: body.span)
        guard case .rotated(_, let new)? = own else { return nil }
        return new
    }
}
