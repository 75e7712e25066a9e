internal import Foundation
internal import GRDB

/// Feeds an `Auditor` from a database: all rows of all tables, each table once and in order. Where SQLite itself finds
/// the file damaged, it says up to which entry it could be read.
enum DatabaseAudit {
    static func run(in db: Database, at path: String, _ options: AuditOptions) throws -> AuditReport {
        var auditor = Auditor(options)
        do {
            try LedgerDatabase.checkForm(of: db, at: path)
            for fault in try Schema.differences(in: db) { auditor.add(fault) }
        } catch let error as DatabaseError where error.isDamage {
            // The header promises more pages than there are: SQLite refuses everything, unless it is told to go on.
            auditor.add(Fault(.database, "the file is damaged or cut off: \(error.message ?? "unreadable")"))
            try db.execute(sql: "PRAGMA writable_schema = ON")
        }
        do {
            if let origin = try String.fetchOne(db, sql: "SELECT origin FROM ledger") { auditor.says(origin: origin) }
            try walk(db, &auditor)
        } catch let error as DatabaseError where error.isDamage || error.resultCode == .SQLITE_ERROR {
            let number = auditor.range.size
            auditor.add(Fault(.entry(number), "it cannot be read: \(error.message ?? "the file is damaged"); every entry before it was read"))
            return auditor.finish()
        }
        return auditor.finish()
    }

    private static func walk(_ db: Database, _ auditor: inout Auditor) throws {
        let entries = try Row.fetchCursor(db, sql: "SELECT number, body, leaf FROM entry ORDER BY number")
        let checkpoints = try Row.fetchCursor(db, sql: "SELECT size, note FROM checkpoint ORDER BY size")
        var checkpoint = try StoredCheckpoint(next: checkpoints)
        var subtrees = SubtreeCursors(db)
        while let row = try entries.next() {
            guard let number = Int.fromDatabaseValue(row[0]) else { continue }
            while let due = checkpoint, due.size <= number {
                auditor.checkpoint(due.note, storedAs: due.size)
                checkpoint = try StoredCheckpoint(next: checkpoints)
            }
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
                let stored = try subtrees.hash(of: subtree)
                guard isComparable, auditor.isInOrder, stored != hash else { continue }
                auditor.add(Fault(.subtree(subtree), stored == nil ? "missing, though all of them are there" : "it is not what they hash to"))
            }
        }
        while let due = checkpoint {
            auditor.checkpoint(due.note, storedAs: due.size)
            checkpoint = try StoredCheckpoint(next: checkpoints)
        }
        try surplus(in: db, &auditor)
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

    private struct StoredCheckpoint {
        let size: Int
        let note: [UInt8]

        init?(next cursor: RowCursor) throws {
            guard let row = try cursor.next() else { return nil }
            size = Int.fromDatabaseValue(row[0]) ?? -1
            note = Array((String.fromDatabaseValue(row[1]) ?? "").utf8)
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
