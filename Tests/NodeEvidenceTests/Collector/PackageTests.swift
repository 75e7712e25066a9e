import Foundation
import Testing

@testable import NodeEvidence

struct PackageTests {
    private static let status = """
        Package: openssl
        Status: install ok installed
        Architecture: amd64
        Version: 3.0.11-1~deb12u2
        Description: tool
         Version: not a field
        Conffiles:
         /etc/ssl/openssl.cnf 0123

        Package: libgcc-s1
        status: install ok installed
        Source: gcc-12 (12.2.0-14)
        Version: 1:12.2.0-14+b1

        Package: gone
        Status: deinstall ok config-files
        Version: 1

        Package: held
        Status: hold ok installed
        Version: 2:5
        Source: other

        Package: unversioned
        Status: install ok installed
        """

    private func package(
        _ name: String, _ version: String, _ architecture: String? = nil, source: String, _ sourceVersion: String
    ) -> CollectedPackage {
        CollectedPackage(name: name, version: version, architecture: architecture, source: source, sourceVersion: sourceVersion, manager: "dpkg")
    }

    @Test func installedPackagesWithTheirSources() {
        #expect(
            PackageDatabase.packages(Array(Self.status.utf8)) == [
                package("openssl", "3.0.11-1~deb12u2", "amd64", source: "openssl", "3.0.11-1~deb12u2"),
                package("libgcc-s1", "1:12.2.0-14+b1", source: "gcc-12", "12.2.0-14"),
                package("held", "2:5", source: "other", "2:5"),
            ])
    }

    /// Of the states of dpkg(1) only two leave no files on the disk.
    @Test(arguments: [
        ("not-installed", false), ("config-files", false), ("half-installed", true), ("unpacked", true), ("half-configured", true),
        ("triggers-awaited", true), ("triggers-pending", true), ("installed", true),
    ])
    func packagesOnTheDiskCount(state: String, isThere: Bool) {
        let text = "Package: openssl\nStatus: install ok \(state)\nVersion: 3.0\n"
        #expect(PackageDatabase.packages(Array(text.utf8)).map(\.name) == (isThere ? ["openssl"] : []))
    }

    /// Half of a database is none: what stands in the rest would not be there.
    @Test(arguments: ["/var/lib/dpkg/status", "/var/lib/dpkg/status.d/big"])
    func cutDatabasesAreNone(path: String) throws {
        var files = [
            "/var/lib/dpkg/status": "Package: a\nStatus: install ok installed\nVersion: 1\n",
            "/var/lib/dpkg/status.d/small": "Package: b\nVersion: 1\n",
        ]
        files[path] = "Package: c\nStatus: install ok installed\nVersion: 1\nDescription: " + String(repeating: "x", count: 200)
        try FakeRoot.with(files) { root in
            let found = try root.collect { ($0.limits.database, $0.limits.file) = (150, 150) }
            #expect(!found.has("packages"))
            #expect(found.refusal(path) == "File too large")
            #expect(try root.collect().list("packages").map { $0["name"] as? String }.contains("c"))
        }
    }

    @Test func imagesWithoutDpkgHaveNoStatus() {
        let text = Array("Package: base-files\nVersion: 12.4\n".utf8)
        #expect(PackageDatabase.packages(text, needsStatus: false) == [package("base-files", "12.4", source: "base-files", "12.4")])
        #expect(PackageDatabase.packages(text).isEmpty)
    }

    @Test(arguments: ["", "\n\n\n", "Package:", "no colon", "Package: a\nStatus: install ok installed"])
    func brokenDatabasesHoldNothing(text: String) { #expect(PackageDatabase.packages(Array(text.utf8)).isEmpty) }

    // MARK: - rpm

    /// A header as rpm writes it.
    static func header(_ texts: [(tag: Int, text: String)], epoch: Int? = nil) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        var index: [UInt8] = []
        var data: [UInt8] = []
        if let epoch {
            index += number(1003) + number(4) + number(data.count) + number(1)
            data += number(epoch)
        }
        for (tag, text) in texts {
            index += number(tag) + number(6) + number(data.count) + number(1)
            data += text.utf8 + [0]
        }
        return number(index.count / 16) + number(data.count) + index + data
    }

    private static let openssl = header(
        [(1000, "openssl-libs"), (1001, "3.0.7"), (1002, "27.el9"), (1022, "x86_64"), (1044, "openssl-3.0.7-27.el9.src.rpm")], epoch: 1)

    @Test func headersTellThePackage() {
        #expect(
            RPMDatabase.package(Self.openssl)
                == CollectedPackage(
                    name: "openssl-libs", version: "1:3.0.7-27.el9", architecture: "x86_64", source: "openssl", sourceVersion: "1:3.0.7-27.el9",
                    manager: "rpm"))
        #expect(RPMDatabase.package(Self.header([(1000, "x"), (1001, "1")])) == nil, "without a release")
    }

    /// Advisories name the epoch: a source without one would be older than every fix that has one.
    @Test(
        arguments: [(nil, "3.0.7-30.el9"), (0, "0:3.0.7-30.el9"), (1, "1:3.0.7-30.el9"), (4_294_967_295, "4294967295:3.0.7-30.el9")]
            as [(Int?, String)])
    func sourcesHaveTheEpochOfTheirPackages(epoch: Int?, expected: String) {
        let texts = [(1000, "openssl"), (1001, "3.0.7"), (1002, "30.el9"), (1044, "openssl-3.0.7-30.el9.src.rpm")]
        #expect(RPMDatabase.package(Self.header(texts, epoch: epoch))?.sourceVersion == expected)
    }

    @Test func cutHeadersAreRefused() {
        for count in 0..<Self.openssl.count { #expect(RPMDatabase.package(Array(Self.openssl.prefix(count))) == nil, "\(count) bytes") }
    }

    /// A database that SQLite itself writes, with many pages and headers that do not fit one.
    private static func database(_ rows: Int, _ folder: URL) throws -> [UInt8] {
        let file = folder.appending(path: "rpmdb.sqlite")
        let script = """
            import sqlite3, sys, struct
            def header(name, padding):
                texts = [(1000, name), (1001, "1.0"), (1002, "1"), (1022, "noarch"), (1044, name + "-1.0-1.src.rpm"), (5000, "x" * padding)]
                index = data = b""
                for tag, text in texts:
                    index += struct.pack(">4I", tag, 6, len(data), 1)
                    data += text.encode() + b"\\0"
                return struct.pack(">2I", len(index) // 16, len(data)) + index + data
            base = sqlite3.connect(sys.argv[1])
            base.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
            base.execute("CREATE TABLE 'Name' (key TEXT NOT NULL, hnum INTEGER NOT NULL)")
            for n in range(int(sys.argv[2])):
                base.execute("INSERT INTO Packages (blob) VALUES (?)", (header("package%05d" % n, n * 37 % 20000),))
            base.execute("INSERT INTO Packages (blob) VALUES (?)", (header("gpg-pubkey", 1),))
            base.commit()
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, file.path, "\(rows)"]
        try process.run()
        process.waitUntilExit()
        return [UInt8](try Data(contentsOf: file))
    }

    private static func withFolder<R>(_ body: (URL) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    @Test(arguments: [0, 1, 700])
    func databasesOfSQLiteAreRead(rows: Int) throws {
        let bytes = try Self.withFolder { try Self.database(rows, $0) }
        let packages = try RPMDatabase.packages(sqlite: bytes)
        #expect(packages.map(\.name).sorted() == (0..<rows).map { "package" + String(repeating: "0", count: 5 - "\($0)".count) + "\($0)" })
        #expect(packages.allSatisfy { $0.version == "1.0-1" && $0.sourceVersion == "1.0-1" })
    }

    private static func bigEndian(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// A page of 65,536 bytes for the table's rows, in which each cell claims `claim` bytes over pages that lead to each other in a circle.
    private static func circle(pages: Int, cells: Int, claim: Int) -> [UInt8] {
        let size = 65_536
        func number(_ value: Int) -> [UInt8] { [21, 14, 7].map { 0x80 | UInt8(value >> $0 & 0x7F) } + [UInt8(value & 0x7F)] }
        var bytes = [UInt8](repeating: 0, count: size * pages)
        func put(_ content: [UInt8], at start: Int) { bytes.replaceSubrange(start..<start + content.count, with: content) }
        // type "table", name and tbl_name "Packages", rootpage 2.
        let record: [UInt8] = [5, 23, 29, 29, 1] + Array("tablePackagesPackages".utf8) + [2]
        put(Array("SQLite format 3\0".utf8) + [0, 1], at: 0)
        put([0x0D, 0, 0] + bigEndian(1, 2), at: 100)
        put(bigEndian(1000, 2), at: 108)
        put([UInt8(record.count), 1] + record, at: 1000)
        // As in the file format: what stays on the page of a payload that does not fit it.
        let least = (size - 12) * 32 / 255 - 23
        let surplus = least + (claim - least) % (size - 4)
        let local = surplus <= size - 35 ? surplus : least
        put([0x0D, 0, 0] + bigEndian(cells, 2), at: size)
        // All cells are one and the same.
        let cell = size - local - 9
        for index in 0..<cells { put(bigEndian(cell, 2), at: size + 8 + index * 2) }
        put(number(claim) + [1], at: size + cell)
        put(bigEndian(3, 4), at: size + cell + 5 + local)
        for page in 2..<pages { put(bigEndian(page + 1 < pages ? page + 2 : 3, 4), at: page * size) }
        return bytes
    }

    /// Rows may claim no more than the file twice, however often they lead through the same pages.
    @Test func rowsInACircleAreRefused() throws {
        let claim = 65_536 * 8
        let two = try #require(SQLiteFile(Self.circle(pages: 8, cells: 2, claim: claim)))
        #expect(two.blobs(ofTable: "Packages") { _ in }, "twice the file")
        let many = try #require(SQLiteFile(Self.circle(pages: 8, cells: 3_000, claim: claim)))
        #expect(!many.blobs(ofTable: "Packages") { _ in })
        #expect(throws: RPMDatabase.Unreadable(reason: "the table Packages is missing or damaged")) {
            try RPMDatabase.packages(sqlite: Self.circle(pages: 8, cells: 3_000, claim: claim))
        }
    }

    /// Only what is wanted of a header is read, and of equal tags the first.
    @Test func crowdsOfTextsAreLeftOut() {
        let texts = [(1000, "a"), (1001, "1"), (1002, "2")] + (0..<60_000).map { _ in (1000, "b") } + [(5000, "c"), (1044, "s-1-2.src.rpm")]
        let package = RPMDatabase.package(Self.header(texts))
        #expect(package?.name == "a" && package?.source == "s")
    }

    /// Damaged ones are refused or read, and never crash.
    @Test func damagedDatabasesDoNotCrash() throws {
        let bytes = try Self.withFolder { try Self.database(40, $0) }
        var seed: UInt64 = 4711
        for _ in 0..<300 {
            var damaged = bytes
            for _ in 0..<8 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                damaged[Int(seed >> 33) % damaged.count] = UInt8(truncatingIfNeeded: seed >> 25)
            }
            _ = try? RPMDatabase.packages(sqlite: damaged)
        }
        for count in stride(from: 0, to: bytes.count, by: 511) { _ = try? RPMDatabase.packages(sqlite: Array(bytes.prefix(count))) }
        #expect(throws: RPMDatabase.Unreadable(reason: "not a database of SQLite")) { try RPMDatabase.packages(sqlite: []) }
    }
}
