import Foundation
import GRDB
import Testing

@testable import Ledger

/// Each kind of tampering with a database is noticed, and the report names the entry, or says what is wrong.
struct TamperTests {
    /// What somebody does with SQL, and what must be said of it. Ledgers have 12 entries, one commit each.
    static let changes: [(name: String, sql: [String], expected: [String])] = [
        (
            "entry altered", ["UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'ann', 'bob') AS BLOB) WHERE number = 5"],
            ["entry 5: altered: its bytes are not those that checkpoint 6 commits to"]
        ),
        (
            "entry cut off", ["UPDATE entry SET body = substr(body, 1, 40) WHERE number = 5"],
            [
                "entry 5: not canonical JSON at byte 40: the string does not end",
                "entry 5: altered: its bytes are not those that checkpoint 6 commits to",
            ]
        ),
        (
            "entry emptied", ["UPDATE entry SET body = x'' WHERE number = 5"],
            ["entry 5: not canonical JSON at byte 0: '{' is missing", "entry 5: altered: its bytes are not those that checkpoint 6 commits to"]
        ),
        (
            "entry spelt otherwise", ["UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '\"n\":', '\"n\": ') AS BLOB) WHERE number = 5"],
            [
                "entry 5: not canonical JSON at byte 53: this begins no value; there is no white space between values",
                "entry 5: altered: its bytes are not those that checkpoint 6 commits to",
            ]
        ),
        (
            "stored hash changed", ["UPDATE entry SET leaf = zeroblob(32) WHERE number = 7"],
            ["entry 7: the hash stored for it was changed; the entry itself is intact"]
        ),
        ("stored hash cut off", ["UPDATE entry SET leaf = x'00' WHERE number = 7"], ["entry 7: the hash stored for it is not one of 32 bytes"]),
        (
            "entries swapped", swap("body", 4, 8),
            [
                "entry 4: altered: its bytes are not those that checkpoint 5 commits to",
                "entry 8: altered: its bytes are not those that checkpoint 9 commits to",
            ]
        ),
        (
            "entries reordered with their hashes", swap("body", 4, 5) + swap("leaf", 4, 5),
            ["entry 4: altered, reordered, inserted or removed: together they are not what checkpoint 5 commits to"]
        ),
        ("entry removed", ["DELETE FROM entry WHERE number = 6"], ["entry 6: missing"]),
        ("last entry removed", ["DELETE FROM entry WHERE number = 11"], ["checkpoint of size 12: there are only 11 entries"]),
        (
            "entry removed and the others moved up", ["DELETE FROM entry WHERE number = 6", "UPDATE entry SET number = number - 1 WHERE number > 6"],
            [
                "entry 6: altered, reordered, inserted or removed: together they are not what checkpoint 7 commits to",
                "checkpoint of size 12: there are only 11 entries",
            ]
        ),
        (
            "entry inserted",
            [
                "UPDATE entry SET number = -number WHERE number > 5", "UPDATE entry SET number = 1 - number WHERE number < 0",
                "INSERT INTO entry SELECT 6, body, leaf FROM entry WHERE number = 3",
            ], ["entry 6: altered, reordered, inserted or removed: together they are not what checkpoint 7 commits to"]
        ),
        (
            "entry added without the key", ["INSERT INTO entry SELECT 12, body, leaf FROM entry WHERE number = 3"],
            ["entry 12: no checkpoint commits to it: added without the ledger's key, or the checkpoint was removed"]
        ),
        ("entry renumbered", ["UPDATE entry SET number = 20 WHERE number = 6"], ["entry 6: missing", "entries 12 to 19: missing"]),
        (
            "fencing token removed", ["DELETE FROM ledger"], ["database: the row with its name and the newest fencing token was removed"]
        ),
        ("fencing token of nobody", ["UPDATE ledger SET fence = -1"], ["database: the newest fencing token is -1, and they rise from 0"]),
        ("first entry removed", ["DELETE FROM entry WHERE number = 0"], ["entry 0: missing"]),
        ("everything removed", ["DELETE FROM entry"], ["entry 0: missing: a ledger begins with the entry that opens it"]),
        (
            "negative number", ["UPDATE entry SET number = -3 WHERE number = 6"],
            ["entry -3: it stands where no entry can be: numbers rise from 0", "entry 6: missing"]
        ),
        (
            "absurd number", ["UPDATE entry SET number = 9223372036854775807 WHERE number = 11"],
            ["entry 9223372036854775807: it stands where no entry can be: numbers rise from 0"]
        ),
        (
            "checkpoint's root changed",
            [
                "UPDATE checkpoint SET note = (SELECT substr(c.note, 1, 19) || '8' || char(10) || substr(o.note, 22, 44) || substr(c.note, 66) FROM checkpoint c, checkpoint o WHERE c.size = 8 AND o.size = 7) WHERE size = 8"
            ], ["checkpoint of size 8: the signature of ledger.example/one is wrong: the text or the signature was changed"]
        ),
        (
            "checkpoint's signature changed", ["UPDATE checkpoint SET note = replace(note, 'one uM/K5', 'one uM/K6') WHERE size = 8"],
            ["checkpoint of size 8: none of its signatures (ledger.example/one) is by a known key"]
        ),
        (
            "checkpoint unreadable", ["UPDATE checkpoint SET note = 'gone' WHERE size = 8"],
            ["checkpoint of size 8: a note is a text, an empty line, and signature lines that end in a newline"]
        ),
        (
            "checkpoint of another size", ["DELETE FROM checkpoint WHERE size = 7", "UPDATE checkpoint SET size = 7 WHERE size = 8"],
            ["checkpoint of size 7: it says that it is of size 8"]
        ),
        (
            "checkpoints removed", ["DELETE FROM checkpoint WHERE size > 9"],
            ["entries 9 to 11: no checkpoint commits to it: added without the ledger's key, or the checkpoint was removed"]
        ),
        (
            "name changed", ["UPDATE ledger SET origin = 'ledger.example/two'"],
            ["database: it calls itself 'ledger.example/two', and its first entry says 'ledger.example/one'"]
        ),
        (
            "surplus hash", ["INSERT INTO subtree VALUES (8, 0, zeroblob(32))"],
            ["database: the stored hash at level 8, position 0 is of no complete part of the tree"]
        ),
        ("table added", ["CREATE TABLE other (a)"], ["database: 'other' does not belong here"]),
    ]

    private static func swap(_ column: String, _ one: Int, _ other: Int) -> [String] {
        [
            "CREATE TEMP TABLE kept AS SELECT \(column) AS value FROM entry WHERE number = \(one)",
            "UPDATE entry SET \(column) = (SELECT \(column) FROM entry WHERE number = \(other)) WHERE number = \(one)",
            "UPDATE entry SET \(column) = (SELECT value FROM kept) WHERE number = \(other)", "DROP TABLE kept",
        ]
    }

    @Test(arguments: changes.indices)
    func changesAreNamed(index: Int) async throws {
        let change = Self.changes[index]
        try await LedgerFile.with { file in
            try await file.fill(to: 12)
            let queue = try DatabaseQueue(path: file.path)
            try await queue.write { db in
                let triggers = Schema.statements.filter { $0.sql.contains("CREATE TRIGGER") }
                for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger.name)") }
                for statement in change.sql { try db.execute(sql: statement) }
                for trigger in triggers { try db.execute(sql: trigger.sql) }
            }
            try queue.close()
            let found = try file.audit().faults.map(\.description)
            for expected in change.expected { #expect(found.contains(expected), "\(change.name): \(found)") }
            #expect(!found.isEmpty)
        }
    }

    /// Swapped entries in one transaction are told where they belong.
    @Test func swappedEntriesOfOneCommit() async throws {
        try await LedgerFile.with { file in
            _ = try await StoreTests.fillTogether(file, to: 40)
            let sizes = try await DatabaseQueue(path: file.path).read { try Int.fetchAll($0, sql: "SELECT size FROM checkpoint ORDER BY size") }
            let pair = try #require(zip(sizes, sizes.dropFirst()).first { $1 - $0 >= 2 })
            try file.tamper(
                "CREATE TEMP TABLE kept AS SELECT body FROM entry WHERE number = \(pair.0)",
                "UPDATE entry SET body = (SELECT body FROM entry WHERE number = \(pair.0 + 1)) WHERE number = \(pair.0)",
                "UPDATE entry SET body = (SELECT body FROM kept) WHERE number = \(pair.0 + 1)", "DROP TABLE kept")
            let message = "altered: its bytes are not those that checkpoint \(pair.1) commits to; it holds what was entry"
            #expect(
                try file.audit().faults.map(\.description) == [
                    "entry \(pair.0): \(message) \(pair.0 + 1)", "entry \(pair.0 + 1): \(message) \(pair.0)",
                ])
        }
    }

    @Test(arguments: [
        ("UPDATE subtree SET hash = zeroblob(32) WHERE level = 8 AND position = 1", "hash of entries 256 to 511: it is not what they hash to"),
        ("DELETE FROM subtree WHERE level = 8 AND position = 0", "hash of entries 0 to 255: missing, though all of them are there"),
        ("UPDATE subtree SET position = 7 WHERE position = 1", "database: the stored hash at level 8, position 7 is of no complete part of the tree"),
    ])
    func storedHashesAreCompared(sql: String, expected: String) async throws {
        try await LedgerFile.with { file in
            _ = try await StoreTests.fillTogether(file, to: 600)
            try file.tamper(sql)
            #expect(try file.audit().faults.map(\.description).contains(expected))
        }
    }

    @Test func missingTriggersAreNamed() async throws {
        try await LedgerFile.with { file in
            try file.execute("DROP TRIGGER entry_update")
            #expect(try file.audit().faults.map(\.description) == ["database: 'entry_update' is missing"])
        }
    }

    /// Views that never end, in the place of tables: they are named, and nothing is read from them.
    @Test(arguments: ["entry", "checkpoint", "subtree", "ledger", "cosignature"]) func viewsInThePlaceOfTables(table: String) async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 5)
            let numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"
            let endless = "\(numbers) SELECT i AS number, i AS size, x'' AS body, '' AS note FROM n"
            let triggers = Schema.statements.filter { $0.sql.contains("CREATE TRIGGER") && $0.sql.contains(" ON \(table) ") }
            for trigger in triggers { try file.execute("DROP TRIGGER \(trigger.name)") }
            try file.execute("DROP TABLE \(table)")
            try file.execute("CREATE VIEW \(table) AS \(endless)")
            let reader = try LedgerReader(path: file.path)
            let found = try reader.audit(AuditOptions(keys: [file.key.verifier])).faults.map(\.description)
            #expect(found.contains("database: '\(table)' was changed"), "\(found)")
            #expect(found.contains { $0.hasPrefix("entry 0: it cannot be read: the table '\(table)' is not one of a ledger") }, "\(found)")
            #expect(throws: LedgerError.self) { try reader.checkpoint() }
            #expect(throws: LedgerError.self) { try reader.entry(1) }
        }
    }

    /// Everything written anew with another key: only a key from outside shows it.
    @Test func anotherLedgerInItsPlace() async throws {
        try await LedgerFile.with { file in
            let forger = try SigningKey(name: file.key.name)
            let path = file.directory.appending(path: "forged.db").path
            try LedgerWriter.create(path: path, key: forger, actor: "operator", time: "2026-11-27T13:00:00Z")
            let reader = try LedgerReader(path: path)
            #expect(try reader.audit(AuditOptions()).faults == [])
            #expect(try !reader.audit(AuditOptions()).isKeyTrusted)
            let faults = try reader.audit(AuditOptions(keys: [file.key.verifier])).faults
            #expect(faults.map(\.place) == [.keys])
        }
    }

    /// History written anew with the right key: only a checkpoint from outside shows it.
    @Test func rewrittenWithTheRightKey() async throws {
        try await LedgerFile.with { file in
            let kept = try await file.fill(to: 5)
            let path = file.directory.appending(path: "forged.db").path
            try LedgerWriter.create(path: path, key: file.key, actor: "operator", time: "2026-11-27T13:00:00Z")
            let writer = try LedgerWriter(path: path, key: file.key)
            for number in 1..<9 { _ = try await writer.append(LedgerFile.entry(number == 3 ? 333 : number)) }
            let reader = try LedgerReader(path: path)
            #expect(try reader.audit(AuditOptions(keys: [file.key.verifier])).faults == [])
            let faults = try reader.audit(AuditOptions(keys: [file.key.verifier], kept: kept)).faults
            #expect(faults.map(\.description) == ["entries 0 to 4: not those that the kept checkpoint commits to: history was rewritten"])
        }
    }

    @Test func anOldCopyInItsPlace() async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 5)
            try file.foldLog()
            let copy = file.path + ".copy"
            try FileManager.default.copyItem(atPath: file.path, toPath: copy)
            let kept = try await file.fill(to: 9)
            let reader = try LedgerReader(path: copy)
            #expect(try reader.audit(AuditOptions(keys: [file.key.verifier])).faults == [])
            let faults = try reader.audit(AuditOptions(keys: [file.key.verifier], kept: kept)).faults
            #expect(faults.map(\.description) == ["entries 5 to 8: missing: the kept checkpoint commits to it. This is an old or truncated copy"])
        }
    }

    @Test func aKeptCheckpointOfSomethingElse() async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 5)
            let stranger = try Checkpoint(origin: "ledger.example/two", size: 3, root: .leaf([1])).signed(by: [file.key])
            #expect(try file.audit(kept: stranger).faults.map(\.place) == [.keptCheckpoint(3)])
            let unsigned = try Checkpoint(origin: file.key.name, size: 3, root: .leaf([1])).signed(by: [SigningKey(name: file.key.name)])
            #expect(try file.audit(kept: unsigned).faults.map(\.place) == [.keptCheckpoint(3)])
        }
    }

    /// A key that takes over without the old one's consent.
    @Test func aRotationThatOneKeySigned() async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 4)
            let thief = try SigningKey(name: file.key.name)
            let entry = try OwnEntry.rotated(from: file.key.verifier, to: thief.verifier).entry(by: "thief", at: "2026-11-27T13:00:00Z")
            let leaves = try (0..<4).map { TreeHash.leaf(try #require(try LedgerReader(path: file.path).entry($0))) }
            var range = CompactRange()
            for leaf in leaves + [.leaf(entry.bytes)] { range.append(leaf) }
            let note = try Checkpoint(origin: file.key.name, size: 5, root: range.root).signed(by: [thief]).description
            let leaf = TreeHash.leaf(entry.bytes).bytes
            let queue = try DatabaseQueue(path: file.path)
            try await queue.write { db in
                try db.execute(sql: "INSERT INTO entry VALUES (4, ?, ?)", arguments: [Data(entry.bytes), Data(leaf)])
                try db.execute(sql: "INSERT INTO checkpoint VALUES (5, ?)", arguments: [note])
            }
            let report = try file.audit()
            #expect(report.faults.map(\.place) == [.checkpoint(5)] && report.keys == [file.key.verifier])
        }
    }

    // MARK: The file itself

    /// Cut off at any page: never taken for whole, and the report says how far it could be read.
    @Test func truncatedFiles() async throws {
        try await LedgerFile.with { file in
            _ = try await StoreTests.fillTogether(file, to: 300)
            try file.foldLog()
            let whole = try Data(contentsOf: URL(filePath: file.path))
            let pages = whole.count / 4096
            #expect(pages > 10)
            for page in stride(from: 1, to: pages, by: 3) {
                try file.damage { $0 = whole.prefix(page * 4096) }
                let faults = try file.audit().faults
                #expect(faults.contains { $0.description.hasPrefix("database: the file is damaged or cut off") }, "\(page): \(faults)")
                try Self.expectFirstUnreadable(in: file, faults, "cut off after \(page) pages")
            }
            for cut in [100, 1000, 4096 * 3 + 17] {
                try file.damage { $0 = whole.prefix(cut) }
                #expect(Self.isRefused(file), "\(cut)")
            }
        }
    }

    /// A page overwritten: the entry at which reading stops, or the entries that differ.
    @Test func overwrittenPages() async throws {
        try await LedgerFile.with { file in
            _ = try await StoreTests.fillTogether(file, to: 300)
            try file.foldLog()
            let whole = try Data(contentsOf: URL(filePath: file.path))
            for page in 1..<whole.count / 4096 {
                try file.damage { bytes in
                    bytes = whole
                    bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: Data(count: 4096))
                }
                let report = try file.audit()
                // A page of the triggers' text or of nothing may be among them; it must not change what is in the ledger.
                #expect(!report.faults.isEmpty, "page \(page)")
                try Self.expectFirstUnreadable(in: file, report.faults, "page \(page)")
            }
        }
    }

    /// Each entry asked for on its own, on a connection that knows nothing of the audit: the first that SQLite refuses is the one that is named.
    private static func expectFirstUnreadable(in file: LedgerFile, _ faults: [Fault], _ what: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA writable_schema = ON") }
        let first = try DatabaseQueue(path: file.path, configuration: configuration).unsafeRead { db in
            (0..<300).first { number in
                (try? Row.fetchOne(db, sql: "SELECT body, leaf FROM entry WHERE number = ?", arguments: [number])) == nil
            }
        }
        let named = faults.compactMap { if case .entry(let number) = $0.place, $0.message.contains("cannot be read") { number } else { nil } }
        #expect(named == (first.map { [$0] } ?? []), "\(what): \(faults)")
    }

    @Test func theByteThatWasFlipped() async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 12)
            try file.damage { bytes in
                let place = try #require(bytes.range(of: Data("\"entry-7\"".utf8)))
                bytes[place.lowerBound + 3] ^= 1
            }
            #expect(try file.audit().faults.map(\.description) == ["entry 7: altered: its bytes are not those that checkpoint 8 commits to"])
        }
    }

    @Test func noDatabaseAtAll() async throws {
        try await LedgerFile.with { file in
            try file.damage { $0 = Data("hello".utf8) }
            #expect(Self.isRefused(file))
        }
    }

    /// It has faults, or cannot even be opened; both are said.
    private static func isRefused(_ file: LedgerFile) -> Bool { (try? file.audit().faults.isEmpty) != true }

    /// A writer looks at the end before it adds to it.
    @Test(arguments: [
        "UPDATE entry SET leaf = zeroblob(32) WHERE number = 11", "DELETE FROM entry WHERE number = 11", "DELETE FROM checkpoint WHERE size = 12",
    ])
    func aDamagedEndIsNotContinued(sql: String) async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 12)
            try file.tamper(sql)
            #expect { try file.writer() } throws: { if case .tampered? = $0 as? LedgerError { true } else { false } }
        }
    }
}
