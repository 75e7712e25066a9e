internal import Foundation
internal import GRDB

/// Feeds an `Auditor` from a database: all rows of all tables, each table once and in order. Where SQLite itself finds
/// the file damaged, it says which entry could not be read.
enum DatabaseAudit {
    /// - Parameter damage: what SQLite said when it opened the file and had to be told to go on all the same.
    static func run(in db: Database, at path: String, damage: String?, _ options: AuditOptions) throws -> AuditReport {
        var auditor = Auditor(options)
        if let damage { auditor.add(Fault(.database, "the file is damaged or cut off: \(damage)")) }
        try attempt(&auditor, .database, "its tables") { auditor in
            try LedgerDatabase.checkForm(of: db, at: path)
            for fault in try Schema.differences(in: db) { auditor.add(fault) }
        }
        if let table = try attempt(&auditor, .database, "its tables", { _ in try Schema.disguisedTable(in: db) }) ?? nil {
            auditor.cannotRead("it", at: .entry(0), "the table '\(table)' is not one of a ledger, and is not read from")
            return auditor.finish()
        }
        try attempt(&auditor, .database, "its name") { auditor in
            let row = try Row.fetchOne(db, sql: "SELECT origin, fence FROM ledger")
            if let origin = row.flatMap({ String.fromDatabaseValue($0[0]) }) { auditor.says(origin: origin) }
            if let fault = LedgerDatabase.fault(ofToken: row.flatMap { Int.fromDatabaseValue($0[1]) }) { auditor.add(fault) }
        }
        try walk(db, &auditor)
        return auditor.finish()
    }

    /// Runs `body`. Where SQLite finds the file damaged, that is a fault of this place, and nil is returned; whatever else
    /// goes wrong says nothing about the ledger, and is thrown.
    @discardableResult
    private static func attempt<T>(
        _ auditor: inout Auditor, _ place: Fault.Place, _ what: String, _ body: (inout Auditor) throws -> T
    ) throws -> T? {
        do {
            return try body(&auditor)
        } catch let error as DatabaseError where error.isDamage || error.resultCode == .SQLITE_ERROR {
            auditor.cannotRead(what, at: place, error.message ?? "the file is damaged")
            return nil
        }
    }

    private static func walk(_ db: Database, _ auditor: inout Auditor) throws {
        var checkpoints = StoredCheckpoints()
        try checkpoints.open(db, &auditor)
        var subtrees = SubtreeCursors(db)
        let sql = "SELECT number, body, leaf FROM entry ORDER BY number"
        guard let entries = try attempt(&auditor, .entry(0), "it", { _ in try Row.fetchCursor(db, sql: sql) }) else { return }
        while true {
            let place = Fault.Place.entry(auditor.range.size)
            guard let next = try attempt(&auditor, place, "it", { _ in try entries.next() }) else { return }
            guard let row = next else { break }
            try judge(row, &auditor, &checkpoints, &subtrees)
        }
        try checkpoints.judge(upTo: .max, &auditor)
        try attempt(&auditor, .database, "the stored hashes") { try surplus(in: db, &$0) }
        try attempt(&auditor, .database, "what witnesses signed") { try cosignatures(in: db, &$0) }
    }

    private static func judge(
        _ row: Row, _ auditor: inout Auditor, _ checkpoints: inout StoredCheckpoints, _ subtrees: inout SubtreeCursors
    ) throws {
        guard let number = Int.fromDatabaseValue(row[0]) else { return }
        try checkpoints.judge(upTo: number, &auditor)
        let leaf = try row.withUnsafeData(atIndex: 2) { $0.flatMap { TreeHash($0) } }
        if leaf == nil { auditor.add(Fault(.entry(number), "the hash stored for it is not one of 32 bytes")) }
        var completed: [(Subtree, TreeHash)] = []
        let isComparable = auditor.isInOrder
        try row.withUnsafeData(atIndex: 1) { body in
            guard let body else { return auditor.add(Fault(.entry(number), "it is empty")) }
            body.withUnsafeBytes { bytes in
                auditor.entry(number, bytes.bindMemory(to: UInt8.self).span, leaf: leaf) { subtree, hash in
                    if StoredHashes.isStored(subtree.level) { completed.append((subtree, hash)) }
                }
            }
        }
        for (subtree, hash) in completed {
            guard let stored = try attempt(&auditor, .subtree(subtree), "it", { _ in try subtrees.hash(of: subtree) }) else { continue }
            guard isComparable, auditor.isInOrder, stored != hash else { continue }
            auditor.add(Fault(.subtree(subtree), stored == nil ? "missing, though all of them are there" : "it is not what they hash to"))
        }
    }

    /// Hashes of subtrees that are not complete.
    private static func surplus(in db: Database, _ auditor: inout Auditor) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT level, position FROM subtree")
        while let row = try rows.next() {
            let (level, position) = (Int.fromDatabaseValue(row[0]) ?? -1, Int.fromDatabaseValue(row[1]) ?? -1)
            let isPlausible = StoredHashes.isStored(level) && level < 48 && position >= 0 && position < 1 << (48 - level)
            guard isPlausible, (position + 1) << level <= auditor.range.size else {
                auditor.add(Fault(.database, "the stored hash at level \(level), position \(position) is of no complete part of the tree"))
                continue
            }
        }
    }

    /// A witness signed the checkpoint that is stored, or there were two ledgers of one name.
    private static func cosignatures(in db: Database, _ auditor: inout Auditor) throws {
        let sql = "SELECT size, cosignature.note, checkpoint.note FROM cosignature LEFT JOIN checkpoint USING (size) ORDER BY size"
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
            let place = Fault.Place.checkpoint(Int.fromDatabaseValue(row[0]) ?? -1)
            let (signed, stored) = (String.fromDatabaseValue(row[1]) ?? "", String.fromDatabaseValue(row[2]) ?? "")
            do {
                guard try SignedNote(Array(signed.utf8)).text == SignedNote(Array(stored.utf8)).text else {
                    throw NoteError("a witness signed another one of this size")
                }
            } catch {
                auditor.add(Fault(place, "\(error)"))
            }
        }
    }

    /// The checkpoints, in order. From the first that cannot be read there are no more.
    private struct StoredCheckpoints {
        private var cursor: RowCursor?
        private var next: (size: Int, note: [UInt8])?

        mutating func open(_ db: Database, _ auditor: inout Auditor) throws {
            cursor = try attempt(&auditor, .database, "the checkpoints") { _ in
                try Row.fetchCursor(db, sql: "SELECT size, note FROM checkpoint ORDER BY size")
            }
            try advance(&auditor)
        }

        /// Judges those that commit to no more than so many entries.
        mutating func judge(upTo count: Int, _ auditor: inout Auditor) throws {
            while let due = next, due.size <= count {
                auditor.checkpoint(due.note, storedAs: due.size)
                try advance(&auditor)
            }
        }

        private mutating func advance(_ auditor: inout Auditor) throws {
            let what = next.map { "the checkpoints after that of size \($0.size)" } ?? "the checkpoints"
            let cursor = cursor
            let row = try attempt(&auditor, .database, what) { _ in try cursor?.next() } ?? nil
            next = row.map { (Int.fromDatabaseValue($0[0]) ?? -1, Array((String.fromDatabaseValue($0[1]) ?? "").utf8)) }
        }
    }

    /// One cursor a level: hashes come in the order in which the walk completes them.
    private struct SubtreeCursors {
        private let db: Database
        private var cursors: [Int: (RowCursor, ahead: (position: Int, hash: TreeHash?)?)] = [:]

        init(_ db: Database) { self.db = db }

        mutating func hash(of subtree: Subtree) throws -> TreeHash? {
            var (cursor, ahead) = try cursors[subtree.level] ?? open(subtree.level)
            while let stored = ahead, stored.position < subtree.position { ahead = try Self.next(cursor) }
            cursors[subtree.level] = (cursor, ahead)
            guard let ahead, ahead.position == subtree.position else { return nil }
            return ahead.hash
        }

        private func open(_ level: Int) throws -> (RowCursor, (position: Int, hash: TreeHash?)?) {
            let sql = "SELECT position, hash FROM subtree WHERE level = ? ORDER BY position"
            let cursor = try Row.fetchCursor(db, sql: sql, arguments: [level])
            return (cursor, try Self.next(cursor))
        }

        private static func next(_ cursor: RowCursor) throws -> (position: Int, hash: TreeHash?)? {
            guard let row = try cursor.next() else { return nil }
            return (Int.fromDatabaseValue(row[0]) ?? -1, Data.fromDatabaseValue(row[1]).flatMap { TreeHash($0) })
        }
    }
}

extension DatabaseError {
    /// SQLite cannot make sense of the file, or it ends too early.
    var isDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR, .SQLITE_FORMAT].contains(resultCode) }
}
