internal import Foundation
internal import GRDB

/// Reads a ledger's database without changing it: entries, proofs, and the verification of everything.
public struct LedgerReader: LedgerSource {
    private let queue: DatabaseQueue
    private let path: String
    /// What SQLite says against the file, when it had to be told to go on all the same.
    private let damage: String?
    /// Why nothing but `audit` may read from it.
    private let obstacle: String?

    /// A damaged file is opened too, for `audit` to say what of it can be read; everything else then throws.
    /// - Throws: `notALedger` or `unusable`. A file that cannot be read as a database at all is `unusable` too: say so,
    ///   and don't take it for an empty ledger.
    public init(path: String) throws(LedgerError) {
        self.path = path
        do {
            guard FileManager.default.fileExists(atPath: path) else { throw LedgerError.notALedger(path: path, reason: "there is no such file") }
            (queue, damage) = try Self.open(path)
            if let damage {
                obstacle = "it is damaged or cut off: \(damage)"
            } else {
                obstacle = try queue.read { try Schema.disguisedTable(in: $0) }.map { "its table '\($0)' is not one of a ledger" }
            }
        } catch {
            throw LedgerError(error, at: path)
        }
    }

    private static func open(_ path: String) throws -> (DatabaseQueue, damage: String?) {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        do {
            return (try DatabaseQueue(path: path, configuration: configuration), nil)
        } catch let error as DatabaseError where error.isDamage {
            // The header promises more pages than there are, or the descriptions of the tables are damaged: SQLite then
            // refuses everything, unless it is told to go on. That must be before GRDB's first look into the file.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA writable_schema = ON") }
            return (try DatabaseQueue(path: path, configuration: configuration), error.message ?? "unreadable")
        }
    }

    /// The newest token of a lease under which somebody wrote.
    public func newestToken() throws(LedgerError) -> Int { try read { try LedgerDatabase.newestToken(in: $0, at: path) } }

    /// The newest checkpoint.
    public func checkpoint() throws(LedgerError) -> SignedCheckpoint? { try read { try LedgerDatabase.newestCheckpoint(in: $0) } }

    /// The checkpoint of this size, if one was made.
    public func checkpoint(ofSize size: Int) throws(LedgerError) -> SignedCheckpoint? {
        try read { db in
            try String.fetchOne(db, sql: "SELECT note FROM checkpoint WHERE size = ?", arguments: [size])
                .map { try SignedCheckpoint(Array($0.utf8)) }
        }
    }

    /// The bytes of an entry.
    public func entry(_ number: Int) throws(LedgerError) -> [UInt8]? {
        try read { try Data.fetchOne($0, sql: "SELECT body FROM entry WHERE number = ?", arguments: [number]).map(Array.init) }
    }

    /// The entries of a range, in order. There are fewer where the ledger ends.
    public func entries(_ numbers: Range<Int>) throws(LedgerError) -> [[UInt8]] {
        try read { db in
            try Data.fetchAll(
                db, sql: "SELECT body FROM entry WHERE number >= ? AND number < ? ORDER BY number",
                arguments: [numbers.lowerBound, numbers.upperBound]
            ).map(Array.init)
        }
    }

    public func inclusionProof(of number: Int, in size: Int) throws(LedgerError) -> [TreeHash] {
        try read { db in try Proof.inclusion(of: number, in: size) { try StoredHashes.hash(of: $0, in: db) } }
    }

    public func consistencyProof(from old: Int, to new: Int) throws(LedgerError) -> [TreeHash] {
        try read { db in try Proof.consistency(from: old, to: new) { try StoredHashes.hash(of: $0, in: db) } }
    }

    /// Consecutive hashes of a tile, as they are stored.
    func hashes(level: Int, _ positions: Range<Int>) throws(LedgerError) -> [TreeHash] {
        try read { try StoredHashes.hashes(level: level, positions, in: $0) }
    }

    /// What witnesses signed over the checkpoint of this size.
    func cosignatures(ofSize size: Int) throws(LedgerError) -> [SignedNote] {
        try read { db in
            try String.fetchAll(db, sql: "SELECT note FROM cosignature WHERE size = ? ORDER BY note", arguments: [size])
                .map { try SignedNote(Array($0.utf8)) }
        }
    }

    /// Computes everything anew and compares it with what is stored and signed.
    public func audit(_ options: AuditOptions) throws(LedgerError) -> AuditReport {
        var report: AuditReport?
        let reading = Result { try queue.read { report = try DatabaseAudit.run(in: $0, at: path, damage: damage, options) } }
        // After a page that cannot be read, SQLite refuses to end the transaction in order, too. What was found stands.
        if case .failure(let error) = reading, report?.faults.isEmpty != false { throw LedgerError(error, at: path) }
        guard let report else { throw .unusable(path: path, reason: "nothing of it was read") }
        return report
    }

    private func read<T>(_ body: (Database) throws -> T) throws(LedgerError) -> T {
        if let obstacle { throw .unusable(path: path, reason: "\(obstacle); run demarc ledger verify") }
        do { return try queue.read(body) } catch { throw LedgerError(error, at: path) }
    }
}
