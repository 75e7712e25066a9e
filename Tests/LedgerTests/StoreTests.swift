import Foundation
import GRDB
import Synchronization
import Testing

@testable import Ledger

struct StoreTests {
    @Test func whatIsAppendedIsThereAndVerifies() async throws {
        try await LedgerFile.with { file in
            let last = try await file.fill(to: 20)
            let report = try file.audit(kept: last)
            #expect(report.faults == [] && report.gaps == [])
            #expect(report.size == 20 && report.root == last.checkpoint.root && report.isKeyTrusted)
            #expect(report.origin == "ledger.example/one" && report.keys == [file.key.verifier] && report.checkpoint == last)
            let reader = try LedgerReader(path: file.path)
            for number in 1..<20 { #expect(try reader.entry(number) == LedgerFile.entry(number).bytes) }
            #expect(try reader.entry(20) == nil && reader.entry(-1) == nil)
        }
    }

    /// What this test sees is what power loss needs: SQLite waits for the disk with each transaction.
    @Test func writesWaitForTheDisk() async throws {
        try await LedgerFile.with { file in
            let (pool, _) = try LedgerTip.opening(file.path, key: file.key, fence: 0, kept: nil)
            for _ in 0..<3 {
                try await pool.write { db in try db.execute(sql: "UPDATE ledger SET fence = fence + 1") }
                let mode = try await pool.writeWithoutTransaction { db in
                    (try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"))
                }
                #expect(mode.0 == 2 && mode.1 == "wal")
            }
        }
    }

    /// The reason for setting it after opening.
    @Test func settingItWhilePreparingWouldBeLost() async throws {
        try await LedgerFile.with { file in
            var configuration = Configuration()
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let pool = try DatabasePool(path: file.directory.appending(path: "other.db").path, configuration: configuration)
            let mode = try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            #expect(mode == 1, "GRDB keeps it now; setting it once is enough")
        }
    }

    @Test func concurrentAppendsShareTransactions() async throws {
        try await LedgerFile.with { file in
            let writer = try file.writer()
            let numbers = try await withThrowingTaskGroup(of: [(Int, String)].self) { group in
                for task in 0..<64 {
                    group.addTask {
                        var numbers: [(Int, String)] = []
                        for count in 0..<5 {
                            let subject = "\(task)/\(count)"
                            let entry = try Entry(kind: "test", actor: "a", subject: subject, time: "2026-11-27T13:00:00Z")
                            numbers.append((try await writer.append(entry).number, subject))
                        }
                        return numbers
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(numbers.map(\.0).sorted() == Array(1...320))
            let reader = try LedgerReader(path: file.path)
            for (number, subject) in numbers { #expect(try Entry(#require(try reader.entry(number))).subject == subject) }
            let report = try file.audit()
            #expect(report.faults == [] && report.size == 321)
            let checkpoints = try await DatabaseQueue(path: file.path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM checkpoint") }
            #expect(try #require(checkpoints) < 321, "each had a transaction of its own")
        }
    }

    /// A cancelled caller neither loses its answer nor spoils those of the others.
    @Test func cancellationSpoilsNothing() async throws {
        try await LedgerFile.with { file in
            let writer = try file.writer()
            let done = await withTaskGroup(of: Bool.self) { group in
                for task in 0..<20 {
                    group.addTask { (try? await writer.append(LedgerFile.entry(task))) != nil }
                }
                group.cancelAll()
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(done == 20)
            let report = try file.audit()
            #expect(report.size == 21 && report.faults == [])
        }
    }

    /// The writer that came later has the ledger; the one before learns of it with its next entry.
    @Test func olderTokensAreRefused() async throws {
        try await LedgerFile.with { file in
            let first = try file.writer(fence: 7)
            _ = try await first.append(LedgerFile.entry(1))
            let second = try file.writer(fence: 8)
            await #expect(throws: LedgerError.fenced(token: 7, newest: 8)) { try await first.append(LedgerFile.entry(2)) }
            let receipt = try await second.append(LedgerFile.entry(2))
            #expect(receipt.number == 2)
            await #expect(throws: LedgerError.fenced(token: 7, newest: 8)) { try await first.append(LedgerFile.entry(3)) }
            #expect(throws: LedgerError.fenced(token: 7, newest: 8)) { try file.writer(fence: 7) }
            #expect(try file.audit().faults == [])
        }
    }

    /// A replica that holds the lease writes; without it, it does not, and each hold has a writer of its own.
    @Test func whoeverHoldsTheLeaseWrites() async throws {
        try await LedgerFile.with { file in
            let (one, two) = (Box<Int?>(3), Box<Int?>(nil))
            let ledgers = [
                LeasedLedger(path: file.path, key: file.key, token: { one.value.withLock { $0 } }),
                LeasedLedger(path: file.path, key: file.key, token: { two.value.withLock { $0 } }),
            ]
            #expect(try await ledgers[0].append(LedgerFile.entry(1)).number == 1)
            await #expect(throws: LedgerError.notWriter(path: file.path)) { try await ledgers[1].append(LedgerFile.entry(2)) }
            #expect(try LedgerReader(path: file.path).newestToken() == 3)
            // The lease changes hands, and the first replica has not noticed.
            two.value.withLock { $0 = 4 }
            #expect(try await ledgers[1].append(LedgerFile.entry(2)).number == 2)
            await #expect(throws: LedgerError.fenced(token: 3, newest: 4)) { try await ledgers[0].append(LedgerFile.entry(3)) }
            one.value.withLock { $0 = nil }
            await #expect(throws: LedgerError.notWriter(path: file.path)) { try await ledgers[0].append(LedgerFile.entry(3)) }
            // And back again.
            one.value.withLock { $0 = 5 }
            #expect(try await ledgers[0].append(LedgerFile.entry(3)).number == 3)
            await #expect(throws: LedgerError.fenced(token: 4, newest: 5)) { try await ledgers[1].append(LedgerFile.entry(4)) }
            let report = try file.audit()
            #expect(report.faults == [] && report.size == 4)
        }
    }

    private final class Box<Value: Sendable>: Sendable {
        let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
    }

    /// Two replicas write as fast as they can while the lease goes from one to the other: whatever was acknowledged is there once, and
    /// nothing forks.
    @Test func theLeaseGoesBackAndForth() async throws {
        try await LedgerFile.with { file in
            let held = Box((owner: 0, token: 1))
            let acknowledged = try await withThrowingTaskGroup(of: [Int: String].self) { group in
                for owner in 0..<2 {
                    // The token is remembered for three appends: a replica that is late in noticing.
                    let late = Box((token: Int?.none, left: 0))
                    let ledger = LeasedLedger(path: file.path, key: file.key) {
                        late.value.withLock { late in
                            if late.left == 0 { late = (held.value.withLock { $0.owner == owner ? $0.token : nil }, 3) }
                            late.left -= 1
                            return late.token
                        }
                    }
                    group.addTask {
                        var receipts: [Int: String] = [:]
                        for count in 0..<200 {
                            let entry = try Entry(kind: "test", actor: "a", subject: "\(owner)/\(count)", time: "2026-11-27T13:00:00Z")
                            do { receipts[try await ledger.append(entry).number] = entry.subject } catch LedgerError.notWriter, LedgerError.fenced {}
                            if count.isMultiple(of: 10) { held.value.withLock { $0 = (1 - $0.owner, $0.token + 1) } }
                        }
                        return receipts
                    }
                }
                return try await group.reduce(into: [:]) { $0.merge($1) { _, _ in "twice" } }
            }
            let reader = try LedgerReader(path: file.path)
            for (number, subject) in acknowledged { #expect(try Entry(#require(try reader.entry(number))).subject == subject) }
            #expect(try file.audit().faults == [] && !acknowledged.isEmpty)
        }
    }

    /// What was published outside is asked for before a replica takes over.
    @Test func anOldCopyIsNotTakenOver() async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 5)
            try file.foldLog()
            let copy = file.path + ".copy"
            try FileManager.default.copyItem(atPath: file.path, toPath: copy)
            let kept = try await file.fill(to: 9)
            func ledger(_ path: String) -> LeasedLedger {
                LeasedLedger(path: path, key: file.key, token: { 1 }, kept: { () async throws(LedgerError) in kept })
            }
            await #expect {
                try await ledger(copy).append(LedgerFile.entry(9))
            } throws: {
                if case .tampered? = $0 as? LedgerError { true } else { false }
            }
            #expect(try await ledger(file.path).append(LedgerFile.entry(9)).number == 9)
        }
    }

    /// Two writers with one token, as two commands on one machine have, take turns.
    @Test func writersOfOneTokenDoNotFork() async throws {
        try await LedgerFile.with { file in
            let (one, two) = (try file.writer(), try file.writer())
            for number in 1..<10 {
                let receipt = try await (number.isMultiple(of: 2) ? one : two).append(LedgerFile.entry(number))
                #expect(receipt.number == number)
            }
            #expect(try file.audit().faults == [])
        }
    }

    @Test func anotherKeyIsRefused() async throws {
        try await LedgerFile.with { file in
            let other = try SigningKey(name: "ledger.example/one")
            #expect { try LedgerWriter(path: file.path, key: other) } throws: { if case .wrongKey? = $0 as? LedgerError { true } else { false } }
        }
    }

    @Test func keysRotateWithBothSignatures() async throws {
        try await LedgerFile.with { file in
            let writer = try file.writer()
            _ = try await writer.append(LedgerFile.entry(1))
            let (second, third) = (try SigningKey(name: file.key.name), try SigningKey(name: file.key.name))
            let receipt = try await writer.rotate(to: second, actor: "operator", time: "2026-11-27T14:00:00Z")
            #expect(try receipt.checkpoint.note.verified(by: [file.key.verifier, second.verifier]).count == 2)
            _ = try await writer.append(LedgerFile.entry(3))
            _ = try await writer.rotate(to: third, actor: "operator", time: "2026-11-27T15:00:00Z")
            let last = try await writer.append(LedgerFile.entry(5)).checkpoint
            // Whoever trusts any of the three can go on.
            for key in [file.key, second, third] {
                let report = try file.audit(keys: [key.verifier], kept: last)
                #expect(report.faults == [] && report.isKeyTrusted)
                #expect(report.keys == [file.key.verifier, second.verifier, third.verifier] && report.rotations == [3, 5])
            }
            #expect { try file.writer() } throws: { if case .wrongKey? = $0 as? LedgerError { true } else { false } }
            await #expect(throws: LedgerError.self) { try await writer.rotate(to: third, actor: "o", time: "2026-11-27T15:00:00Z") }
            await #expect(throws: LedgerError.self) {
                try await writer.rotate(to: SigningKey(name: "other"), actor: "o", time: "2026-11-27T15:00:00Z")
            }
            #expect(try await LedgerWriter(path: file.path, key: third).append(LedgerFile.entry(6)).number == 6)
        }
    }

    /// Rotations and entries at once: each goes to the disk in some order, and the whole verifies.
    @Test func rotationsAmongConcurrentAppends() async throws {
        try await LedgerFile.with { file in
            let writer = try file.writer()
            let key = try SigningKey(name: file.key.name)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        if number == 20 {
                            _ = try await writer.rotate(to: key, actor: "o", time: "2026-11-27T13:00:00Z")
                        } else {
                            _ = try await writer.append(LedgerFile.entry(number))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let report = try file.audit()
            #expect(report.faults == [] && report.size == 41 && report.keys.count == 2)
        }
    }

    @Test func theLedgersOwnKindsAreItsOwn() async throws {
        try await LedgerFile.with { file in
            let entry = try Entry(kind: "ledger.key.rotated", actor: "a", subject: "s", time: "2026-11-27T13:00:00Z")
            await #expect(throws: LedgerError.self) { try await file.writer().append(entry) }
        }
    }

    @Test(arguments: [
        "UPDATE entry SET body = x'00' WHERE number = 1", "DELETE FROM entry WHERE number = 1", "UPDATE entry SET number = 9 WHERE number = 1",
        "INSERT OR REPLACE INTO entry (number, body, leaf) VALUES (1, x'00', x'00')",
        "INSERT INTO entry (number, body, leaf) VALUES (90, x'00', x'00')",
        "INSERT INTO entry (number, body, leaf) VALUES (-1, x'00', x'00')", "UPDATE checkpoint SET note = ''", "DELETE FROM checkpoint",
        "INSERT OR REPLACE INTO checkpoint (size, note) VALUES (2, '')", "UPDATE ledger SET origin = 'x'", "UPDATE ledger SET fence = -1",
        "DELETE FROM ledger",
        "UPDATE subtree SET hash = x'00'", "DELETE FROM subtree", "INSERT OR REPLACE INTO subtree (level, position, hash) VALUES (8, 0, x'00')",
    ])
    func theDatabaseRefusesChanges(sql: String) async throws {
        try await LedgerFile.with { file in
            let last = try await Self.fillTogether(file, to: 300)
            #expect(throws: DatabaseError.self) { try file.execute(sql) }
            #expect(try file.audit(kept: last).faults == [])
        }
    }

    /// Many entries in few transactions.
    static func fillTogether(_ file: LedgerFile, to size: Int) async throws -> SignedCheckpoint {
        let writer = try file.writer()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1..<size { group.addTask { _ = try await writer.append(LedgerFile.entry(number)) } }
            try await group.waitForAll()
        }
        return writer.checkpoint
    }

    /// Proofs from the database are those of the definition, across the levels that are not stored.
    @Test func proofsComeFromStoredHashes() async throws {
        try await LedgerFile.with { file in
            let last = try await Self.fillTogether(file, to: 700)
            let reader = try LedgerReader(path: file.path)
            let leaves = try (0..<700).map { NaiveTree.leaf(try #require(try reader.entry($0))) }
            #expect(last.checkpoint.root.bytes == NaiveTree.root(leaves[...]))
            for (index, size) in [(0, 700), (699, 700), (255, 256), (256, 257), (300, 699), (511, 512), (5, 6)] {
                #expect(try reader.inclusionProof(of: index, in: size).map(\.bytes) == NaiveTree.path(index, leaves[..<size]))
            }
            for (old, new) in [(1, 700), (256, 700), (257, 700), (512, 513), (699, 700), (300, 600)] {
                #expect(try reader.consistencyProof(from: old, to: new).map(\.bytes) == NaiveTree.subproof(old, leaves[..<new], true))
            }
        }
    }

    @Test func cosignaturesAreKept() async throws {
        try await LedgerFile.with { file in
            var cosigned = try await file.fill(to: 3)
            let (witness, stranger) = (try SigningKey(name: "w.example"), try SigningKey(name: "s.example"))
            try cosigned.cosign(with: witness, at: 1_764_244_800)
            try cosigned.cosign(with: stranger, at: 1_764_244_800)
            #expect(try Cosignatures.accept(cosigned, by: [witness.cosigning.verifier], into: file.path) == [witness.cosigning.verifier])
            #expect(throws: LedgerError.self) { try Cosignatures.accept(cosigned, by: [], into: file.path) }
            let kept = try LedgerReader(path: file.path).cosignatures(ofSize: 3)
            #expect(kept.flatMap(\.signatures).map(\.name) == ["w.example"])
            #expect(try file.audit().faults == [])
            // Of a size that the ledger has not, or of another ledger with this name and key.
            for (size, root) in [(9, cosigned.checkpoint.root), (2, cosigned.checkpoint.root)] {
                var other = try Checkpoint(origin: file.key.name, size: size, root: root).signed(by: [file.key])
                try other.cosign(with: witness, at: 1_764_244_800)
                #expect {
                    try Cosignatures.accept(other, by: [witness.cosigning.verifier], into: file.path)
                } throws: { if case .tampered? = $0 as? LedgerError { true } else { false } }
            }
        }
    }

    /// Whoever sees a new ledger sees it whole, and of many that make one at the same place, one does.
    @Test func aLedgerIsThereWholeOrNotAtAll() async throws {
        try await LedgerFile.with { file in
            for round in 0..<10 {
                let place = file.directory.appending(path: "new-\(round).db").path
                let made = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            do throws(LedgerError) {
                                try LedgerWriter.create(path: place, key: file.key, actor: "a", time: "2026-11-27T13:00:00Z")
                                return 1
                            } catch {
                                #expect(error == .unusable(path: place, reason: "the file exists"))
                                return 0
                            }
                        }
                    }
                    group.addTask {
                        while !FileManager.default.fileExists(atPath: place) { await Task.yield() }
                        let report = try LedgerReader(path: place).audit(AuditOptions(keys: [file.key.verifier]))
                        #expect(report.faults == [] && report.size == 1)
                        return 0
                    }
                    return try await group.reduce(0, +)
                }
                #expect(made == 1)
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: file.directory.path).filter { $0.contains(".new-") }
            #expect(left == [])
        }
    }

    @Test func whatIsNoLedgerIsNotOpened() async throws {
        try await LedgerFile.with { file in
            let other = file.directory.appending(path: "other.db").path
            #expect(throws: LedgerError.self) { try LedgerReader(path: other) }
            #expect(throws: LedgerError.self) { try LedgerWriter(path: other, key: file.key) }
            #expect(throws: LedgerError.self) { try LedgerWriter.create(path: file.path, key: file.key, actor: "a", time: "2026-11-27T13:00:00Z") }
            try await DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE t (a)") }
            #expect(throws: LedgerError.self) { try LedgerReader(path: other).audit(AuditOptions()) }
            #expect(throws: LedgerError.self) { try LedgerWriter(path: other, key: file.key) }
        }
    }

    /// A writer that is given a checkpoint from outside does not go on from an old copy.
    @Test func oldCopiesAreNotContinued() async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 5)
            try file.foldLog()
            let copy = file.path + ".copy"
            try FileManager.default.copyItem(atPath: file.path, toPath: copy)
            let kept = try await file.fill(to: 9)
            #expect(throws: LedgerError.self) { try LedgerWriter(path: copy, key: file.key, kept: kept) }
            _ = try LedgerWriter(path: file.path, key: file.key, kept: kept)
        }
    }
}
