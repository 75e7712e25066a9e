internal import Foundation
internal import GRDB

/// The end of a ledger, as its writer knows it: what the next entries are added to.
struct LedgerTip: Sendable {
    let path: String
    let origin: String
    let fence: Int
    /// The key that signs now.
    private(set) var key: SigningKey
    private(set) var range: CompactRange
    private(set) var checkpoint: SignedCheckpoint

    /// Opens a database and checks its end: the newest checkpoint fits the stored hashes and is signed by this key.
    static func opening(
        _ path: String, key: SigningKey, fence: Int, kept: SignedCheckpoint?
    ) throws(LedgerError) -> (DatabasePool, LedgerTip) {
        do {
            guard FileManager.default.fileExists(atPath: path) else { throw LedgerError.notALedger(path: path, reason: "there is no such file") }
            let pool = try Self.open(path)
            let tip = try pool.read { db in
                try LedgerDatabase.checkForm(of: db, at: path)
                let range = try CompactRange(size: LedgerDatabase.count(in: db)) { try StoredHashes.hash(of: $0, in: db) }
                return try LedgerTip(path: path, key: key, fence: fence, range: range, in: db)
            }
            if let kept { try pool.read { try tip.check(kept, in: $0) } }
            try pool.write { try tip.claim(in: $0) }
            return (pool, tip)
        } catch {
            throw LedgerError(error, at: path)
        }
    }

    /// It gets its name once it is whole: whoever finds a file of that name finds a ledger, and who is killed in the middle leaves nothing in the place of
    /// one, which could neither be written nor be made again.
    static func create(_ path: String, key: SigningKey, actor: String, time: String) throws(LedgerError) {
        do {
            guard key.kind == .ed25519 else { throw LedgerError.wrongKey("a ledger is signed by an Ed25519 key, not by a witness's") }
            guard !FileManager.default.fileExists(atPath: path) else { throw LedgerError.unusable(path: path, reason: "the file exists") }
            let entry = try OwnEntry.opened(origin: key.name, key: key.verifier).entry(by: actor, at: time)
            let draft = "\(path).new-\(UUID().uuidString)"
            defer { for end in ["", "-wal", "-shm"] { unlink(draft + end) } }
            let pool = try Self.open(draft)
            try pool.write { db in
                try Schema.create(in: db)
                try db.execute(sql: "INSERT INTO ledger (id, origin, fence) VALUES (1, ?, 0)", arguments: [key.name])
                let blank = try Checkpoint(origin: key.name, size: 0, root: .empty).signed(by: [])
                let tip = LedgerTip(path: path, origin: key.name, fence: 0, key: key, range: CompactRange(), checkpoint: blank)
                _ = try tip.adding([entry.bytes], successor: nil, in: db)
            }
            try pool.close()
            try name(draft, path)
        } catch {
            throw LedgerError(error, at: path)
        }
    }

    /// Never over another file: two that make a ledger at the same time would both believe that theirs is the one.
    private static func name(_ draft: String, _ path: String) throws(LedgerError) {
        guard !FileManager.default.fileExists(atPath: draft + "-wal") else {
            throw .unusable(path: path, reason: "SQLite did not put the ledger into one file")
        }
        if link(draft, path) != 0 {
            let problem = errno
            guard problem != EEXIST, !FileManager.default.fileExists(atPath: path) else { throw .unusable(path: path, reason: "the file exists") }
            // Not every file system has second names for files.
            guard rename(draft, path) == 0 else { throw .unusable(path: path, reason: String(cString: strerror(problem))) }
        }
        // The name must be on the disk as what it names is.
        try? FileHandle(forReadingAtPath: URL(filePath: path).deletingLastPathComponent().path)?.synchronize()
    }

    /// A pool that waits for the disk with every transaction.
    static func open(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 2
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets NORMAL when it has opened the file, after all that a configuration can say. With NORMAL a
        // transaction may be lost with the power.
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2, try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal" else {
                throw LedgerError.unusable(path: path, reason: "SQLite does not wait for the disk (synchronous = FULL, journal_mode = WAL)")
            }
        }
        return pool
    }

    private init(path: String, origin: String, fence: Int, key: SigningKey, range: CompactRange, checkpoint: SignedCheckpoint) {
        self.path = path
        self.origin = origin
        self.fence = fence
        self.key = key
        self.range = range
        self.checkpoint = checkpoint
    }

    private init(path: String, key: SigningKey, fence: Int, range: CompactRange, in db: Database) throws {
        guard let checkpoint = try LedgerDatabase.newestCheckpoint(in: db) else {
            throw LedgerError.tampered(path: path, Fault(.database, "there is no checkpoint"))
        }
        let origin = checkpoint.checkpoint.origin
        guard checkpoint.checkpoint.size == range.size, checkpoint.checkpoint.root == range.root else {
            throw LedgerError.tampered(path: path, Fault(.checkpoint(checkpoint.checkpoint.size), "it does not fit the hashes that are stored"))
        }
        do {
            _ = try checkpoint.note.verified(by: [key.verifier])
        } catch {
            throw LedgerError.wrongKey("\(path) is signed by another key than \(key.verifier): \(error)")
        }
        // That checkpoint both keys have signed, and the former signs no more.
        if let successor = try LedgerDatabase.successor(in: db, at: range.size), successor != key.verifier {
            throw LedgerError.wrongKey("\(path) is signed by another key than \(key.verifier), which \(successor) has replaced")
        }
        self.init(path: path, origin: origin, fence: fence, key: key, range: range, checkpoint: checkpoint)
    }

    /// Takes the ledger over: writers with older tokens are refused from now on.
    private func claim(in db: Database) throws {
        try db.execute(sql: "UPDATE ledger SET fence = max(fence, ?)", arguments: [fence])
        try checkFence(in: db)
    }

    private func checkFence(in db: Database) throws {
        let newest = try LedgerDatabase.newestToken(in: db)
        guard fence >= newest else { throw LedgerError.fenced(token: fence, newest: newest) }
    }

    private func check(_ kept: SignedCheckpoint, in db: Database) throws {
        let size = kept.checkpoint.size
        guard size <= range.size else {
            let fault = Fault(.entries(range.size..<size), "missing: a checkpoint that was kept outside commits to it")
            throw LedgerError.tampered(path: path, fault)
        }
        let root = try CompactRange(size: size) { try StoredHashes.hash(of: $0, in: db) }.root
        guard root == kept.checkpoint.root, kept.checkpoint.origin == origin else {
            throw LedgerError.tampered(path: path, Fault(.keptCheckpoint(size), "the ledger does not begin with what it commits to"))
        }
    }

    /// Writes entries, the hashes they complete, and a checkpoint over them, within a transaction.
    func adding(_ bodies: [[UInt8]], successor: SigningKey?, in db: Database) throws -> LedgerTip {
        try checkFence(in: db)
        var next = try fresh(in: db)
        let insert = try db.cachedStatement(sql: "INSERT INTO entry (number, body, leaf) VALUES (?, ?, ?)")
        let store = try db.cachedStatement(sql: "INSERT INTO subtree (level, position, hash) VALUES (?, ?, ?)")
        for body in bodies {
            let leaf = TreeHash.leaf(body.span)
            try insert.execute(arguments: [next.range.size, Data(body), Data(leaf.bytes)])
            var completed: [(Subtree, TreeHash)] = []
            next.range.append(leaf) { subtree, hash in if StoredHashes.isStored(subtree.level) { completed.append((subtree, hash)) } }
            for (subtree, hash) in completed { try store.execute(arguments: [subtree.level, subtree.position, Data(hash.bytes)]) }
        }
        let checkpoint = Checkpoint(origin: origin, size: next.range.size, root: next.range.root)
        next.checkpoint = try checkpoint.signed(by: [key] + (successor.map { [$0] } ?? []))
        try db.cachedStatement(sql: "INSERT INTO checkpoint (size, note) VALUES (?, ?)")
            .execute(arguments: [checkpoint.size, next.checkpoint.description])
        if let successor { next.key = successor }
        return next
    }

    /// Another writer with the same token may have added something meanwhile; then the end is read and checked anew.
    private func fresh(in db: Database) throws -> LedgerTip {
        let size = try LedgerDatabase.count(in: db)
        guard size != range.size else { return self }
        let range = try CompactRange(size: size) { try StoredHashes.hash(of: $0, in: db) }
        return try LedgerTip(path: path, key: key, fence: fence, range: range, in: db)
    }
}
