internal import GRDB

/// The tables of a ledger's database. Entries, hashes and checkpoints can be added and never changed: triggers refuse
/// it to every program that goes through SQLite, and the hashes show it where somebody goes around.
enum Schema {
    /// "DEMC", in the header of the file.
    static let applicationID: Int32 = 0x4445_4D43
    static let version = 1

    /// Each statement makes one thing of that name; the text is compared when a ledger is verified.
    static let statements: [(name: String, sql: String)] =
        [
            (
                "ledger",
                """
                CREATE TABLE ledger (id INTEGER PRIMARY KEY CHECK (id = 1), origin TEXT NOT NULL, fence INTEGER NOT NULL) STRICT
                """
            ),
            ("entry", "CREATE TABLE entry (number INTEGER PRIMARY KEY, body BLOB NOT NULL, leaf BLOB NOT NULL) STRICT"),
            (
                "subtree",
                """
                CREATE TABLE subtree (level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL, \
                PRIMARY KEY (level, position)) STRICT, WITHOUT ROWID
                """
            ),
            ("checkpoint", "CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT"),
            (
                "cosignature",
                """
                CREATE TABLE cosignature (size INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY (size, note)) STRICT, WITHOUT ROWID
                """
            ),
            // `INSERT OR REPLACE` would delete without asking the triggers on deletion.
            (
                "entry_insert",
                """
                CREATE TRIGGER entry_insert BEFORE INSERT ON entry WHEN NEW.number IS NOT (SELECT coalesce(max(number) + 1, 0) FROM entry) \
                BEGIN SELECT RAISE(ABORT, 'entries are added at the end only'); END
                """
            ),
            (
                "checkpoint_insert",
                """
                CREATE TRIGGER checkpoint_insert BEFORE INSERT ON checkpoint WHEN NEW.size <= (SELECT coalesce(max(size), 0) FROM checkpoint) \
                BEGIN SELECT RAISE(ABORT, 'checkpoints are added at the end only'); END
                """
            ),
            (
                "subtree_insert",
                """
                CREATE TRIGGER subtree_insert BEFORE INSERT ON subtree \
                WHEN EXISTS (SELECT 1 FROM subtree WHERE level = NEW.level AND position = NEW.position) \
                BEGIN SELECT RAISE(ABORT, 'hashes never change'); END
                """
            ),
            (
                "ledger_update",
                """
                CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger WHEN NEW.id <> OLD.id OR NEW.origin <> OLD.origin OR NEW.fence < OLD.fence \
                BEGIN SELECT RAISE(ABORT, 'fencing tokens only rise, and nothing else changes'); END
                """
            ),
        ]
        + ["entry", "subtree", "checkpoint", "ledger"].map { refusal("DELETE", on: $0) }
        + ["entry", "subtree", "checkpoint"].map { refusal("UPDATE", on: $0) }

    private static func refusal(_ operation: String, on table: String) -> (name: String, sql: String) {
        let name = "\(table)_\(operation.lowercased())"
        return (name, "CREATE TRIGGER \(name) BEFORE \(operation) ON \(table) BEGIN SELECT RAISE(ABORT, 'a ledger is only added to'); END")
    }

    static func create(in db: Database) throws {
        for statement in statements { try db.execute(sql: statement.sql) }
        try db.execute(sql: "PRAGMA user_version = \(version)")
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }

    /// What is read from.
    private static let tables: Set = ["ledger", "entry", "subtree", "checkpoint", "cosignature"]

    /// The table that is another than Demarc makes it, or a view in its place: reading from it might never end. One that is missing is safe.
    static func disguisedTable(in db: Database) throws -> String? {
        let expected = Dictionary(uniqueKeysWithValues: statements.map { ($0.name, $0.sql) })
        var seen: Set<String> = []
        for row in try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_schema") {
            // Names are the same in SQL, however their letters are written.
            let name = (String.fromDatabaseValue(row[0]) ?? "").lowercased()
            guard tables.contains(name) else { continue }
            guard seen.insert(name).inserted, String.fromDatabaseValue(row[1]) == expected[name] else { return name }
        }
        return nil
    }

    /// What differs from the tables as Demarc makes them.
    static func differences(in db: Database) throws -> [Fault] {
        var faults: [Fault] = []
        var found: [String: String] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'") {
            found[String.fromDatabaseValue(row[0]) ?? ""] = String.fromDatabaseValue(row[1]) ?? ""
        }
        for statement in statements {
            switch found.removeValue(forKey: statement.name) {
            case nil: faults.append(Fault(.database, "'\(statement.name)' is missing"))
            case statement.sql?: continue
            case .some: faults.append(Fault(.database, "'\(statement.name)' was changed"))
            }
        }
        for name in found.keys.sorted() { faults.append(Fault(.database, "'\(name)' does not belong here")) }
        return faults
    }
}
