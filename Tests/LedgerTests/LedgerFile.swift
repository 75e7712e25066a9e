import Foundation
import GRDB
import Testing

@testable import Ledger

/// A ledger in a directory of its own.
struct LedgerFile {
    let directory: URL
    let key: SigningKey

    var path: String { directory.appending(path: "ledger.db").path }

    /// Runs `body` with a new ledger, and removes it.
    static func with<R>(_ body: (LedgerFile) async throws -> R) async throws -> R {
        let directory = FileManager.default.temporaryDirectory.appending(path: "demarc-ledger-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = LedgerFile(directory: directory, key: try SigningKey(CheckpointTests.secret))
        try LedgerWriter.create(path: file.path, key: file.key, actor: "operator", time: "2026-11-27T13:00:00Z")
        return try await body(file)
    }

    static func entry(_ number: Int) throws -> Entry {
        try Entry(
            kind: "test.appended", actor: "ann", subject: "entry-\(number)", time: "2026-11-27T13:00:00Z", payload: Array("{\"n\":\(number)}".utf8))
    }

    func writer(fence: Int = 0) throws -> LedgerWriter { try LedgerWriter(path: path, key: key, fence: fence) }

    /// Appends until the ledger has `size` entries, one commit each.
    @discardableResult
    func fill(to size: Int) async throws -> SignedCheckpoint {
        let writer = try writer()
        var checkpoint = writer.checkpoint
        for number in checkpoint.checkpoint.size..<size { checkpoint = try await writer.append(Self.entry(number)).checkpoint }
        return checkpoint
    }

    func audit(keys: [VerifierKey]? = nil, kept: SignedCheckpoint? = nil) throws -> AuditReport {
        try LedgerReader(path: path).audit(AuditOptions(keys: keys ?? [key.verifier], kept: kept))
    }

    /// Changes the database as somebody would who knows SQLite: triggers are taken away and put back.
    func tamper(_ sql: String...) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            let triggers = Schema.statements.filter { $0.sql.contains("CREATE TRIGGER") }
            for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger.name)") }
            for statement in sql { try db.execute(sql: statement) }
            for trigger in triggers { try db.execute(sql: trigger.sql) }
        }
        try queue.close()
    }

    /// Runs SQL as any program would.
    func execute(_ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        try queue.write { try $0.execute(sql: sql) }
    }

    /// Everything in the one file, without a log beside it.
    func foldLog() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try queue.close()
    }

    /// Changes the bytes of the file itself.
    func damage(_ change: (inout Data) throws -> Void) throws {
        // One that was damaged before cannot be opened, and has no log any more.
        try? foldLog()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        var bytes = try Data(contentsOf: URL(filePath: path))
        try change(&bytes)
        try bytes.write(to: URL(filePath: path))
    }
}
