import Foundation
import Testing

@testable import Ledger

/// Exports as files in memory.
struct ExportTests {
    /// An export of a ledger that has `size` entries.
    static func files(
        _ size: Int, rotating: Bool = false, then body: (LedgerFile, inout [String: [UInt8]]) throws -> Void = { _, _ in }
    ) async throws
        -> [String: [UInt8]]
    {
        try await LedgerFile.with { file in
            _ = try await StoreTests.fillTogether(file, to: size)
            if rotating {
                let key = try SigningKey(name: file.key.name)
                _ = try await file.writer().rotate(to: key, actor: "o", time: "2026-11-27T13:00:00Z")
                _ = try await LedgerWriter(path: file.path, key: key).append(LedgerFile.entry(size + 1))
            }
            var files: [String: [UInt8]] = [:]
            try LedgerExport.write(LedgerReader(path: file.path), verifiedAs: file.audit()) { files[$0] = $1 }
            try body(file, &files)
            return files
        }
    }

    private func export(_ files: [String: [UInt8]]) -> LedgerExport { LedgerExport(name: "export") { files[$0] } }

    private func faults(_ files: [String: [UInt8]], kept: SignedCheckpoint? = nil) throws -> [String] {
        let key = try SigningKey(CheckpointTests.secret).verifier
        return try export(files).audit(AuditOptions(keys: [key], kept: kept)).faults.map(\.description)
    }

    @Test(arguments: [
        (0, "tile/0/000", 256), (67, "tile/0/067", 256), (999, "tile/0/999.p/3", 3), (1000, "tile/0/x001/000", 256),
        (1_234_067, "tile/0/x001/x234/067", 256),
    ])
    func pathsAreThoseOfTheSpecification(index: Int, path: String, width: Int) {
        #expect(TilePath.hashes(level: 0, index: index, width: width) == path)
        #expect(TilePath.entries(index: index, width: width) == path.replacing("tile/0/", with: "tile/entries/"))
    }

    /// The specification's own example: 70,000 entries.
    @Test func widthsAreThoseOfTheSpecification() {
        #expect(TilePath.width(level: 0, index: 272, size: 70_000) == 256)
        #expect(TilePath.width(level: 0, index: 273, size: 70_000) == 112)
        #expect(TilePath.width(level: 0, index: 274, size: 70_000) == 0)
        #expect(TilePath.width(level: 1, index: 0, size: 70_000) == 256)
        #expect(TilePath.width(level: 1, index: 1, size: 70_000) == 17)
        #expect(TilePath.width(level: 2, index: 0, size: 70_000) == 1)
        #expect(TilePath.width(level: 1, index: 0, size: 256) == 1)
    }

    @Test(arguments: [2, 255, 256, 257, 600])
    func anExportVerifiesOnItsOwn(size: Int) async throws {
        let files = try await Self.files(size)
        let report = try export(files).audit(AuditOptions(keys: [SigningKey(CheckpointTests.secret).verifier]))
        #expect(report.faults == [] && report.gaps == [] && report.size == size && report.isKeyTrusted)
        let full = size / 256
        var expected: Set<String> = ["checkpoint"]
        for index in 0..<full { expected.formUnion(["tile/0/00\(index)", "tile/entries/00\(index)"]) }
        if size % 256 > 0 { expected.formUnion(["tile/0/00\(full).p/\(size % 256)", "tile/entries/00\(full).p/\(size % 256)"]) }
        if full > 0 { expected.insert("tile/1/000.p/\(full)") }
        #expect(Set(files.keys) == expected)
    }

    @Test func rotationsAreExported() async throws {
        let files = try await Self.files(300, rotating: true)
        #expect(try faults(files) == [])
        #expect(files["rotation/301"] != nil)
        var without = files
        without["rotation/301"] = nil
        let found = try faults(without)
        #expect(found.first == "rotation/301: missing: the checkpoint by which the next key was taken up")
        #expect(found.contains { $0.hasPrefix("checkpoint of size 302") })
    }

    /// Proofs from tiles are those of the definition.
    @Test func proofsComeFromTiles() async throws {
        let export = export(try await Self.files(600))
        let leaves = try (0..<600).map { NaiveTree.leaf(try #require(try export.entry($0))) }
        for (index, size) in [(0, 600), (599, 600), (255, 256), (300, 513), (5, 6)] {
            #expect(try export.inclusionProof(of: index, in: size).map(\.bytes) == NaiveTree.path(index, leaves[..<size]))
        }
        for (old, new) in [(1, 600), (256, 600), (512, 600), (257, 513)] {
            #expect(try export.consistencyProof(from: old, to: new).map(\.bytes) == NaiveTree.subproof(old, leaves[..<new], true))
        }
        #expect(try export.entry(600) == nil && export.entry(-1) == nil)
    }

    @Test func lengthsStandInBundles() {
        let bytes = EntryBundle.bytes(of: [[1, 2], [], Array(repeating: 7, count: 300)])
        #expect(bytes.prefix(8) == [0, 2, 1, 2, 0, 0, 1, 44])
        #expect(EntryBundle.entries(in: bytes).ranges == [2..<4, 6..<6, 8..<308] && EntryBundle.entries(in: bytes).isWhole)
        for end in bytes.indices.dropFirst(8) where end < bytes.count { #expect(!EntryBundle.entries(in: Array(bytes[..<end])).isWhole) }
    }

    typealias Change = @Sendable (inout [String: [UInt8]]) -> Void

    static let changes: [(name: String, change: Change, expected: String)] = [
        ("entry altered", { $0["tile/entries/001"]?[20] ^= 1 }, "entry 256: altered: its bytes are not those that checkpoint 600 commits to"),
        ("hash altered", { $0["tile/0/001"]?[32 * 3] ^= 1 }, "entry 259: the hash stored for it was changed; the entry itself is intact"),
        ("hash of a subtree altered", { $0["tile/1/000.p/2"]?[40] ^= 1 }, "tile/1/000.p/2: hash 1 in it is not what entries 256 to 511 hash to"),
        ("bundle missing", { $0["tile/entries/001"] = nil }, "tile/entries/001: missing: entries 256 to 511 cannot be read"),
        ("tile missing", { $0["tile/0/001"] = nil }, "tile/0/001: missing"),
        ("upper tile missing", { $0["tile/1/000.p/2"] = nil }, "tile/1/000.p/2: missing"),
        ("tile cut off", { $0["tile/0/001"]?.removeLast(5) }, "tile/0/001: it has 8187 bytes instead of 8192"),
        ("tile too long", { $0["tile/1/000.p/2"]?.append(0) }, "tile/1/000.p/2: it has 65 bytes instead of 64"),
        ("bundle cut off", { $0["tile/entries/002.p/88"]?.removeLast(5) }, "entry 599: cut off in tile/entries/002.p/88"),
        (
            "bundle too long", { $0["tile/entries/002.p/88"]? += [0, 1, 7] },
            "tile/entries/002.p/88: it holds more than the 88 entries that belong there"
        ),
        ("bundle empty", { $0["tile/entries/000"] = [] }, "entry 0: missing in tile/entries/000"),
        (
            "bundles exchanged", { ($0["tile/entries/000"], $0["tile/entries/001"]) = ($0["tile/entries/001"], $0["tile/entries/000"]) },
            "entry 256: a ledger is opened by its first entry, and by no other"
        ),
        ("checkpoint missing", { $0["checkpoint"] = nil }, "checkpoint: missing: nothing says what the other files hold"),
        ("checkpoint unreadable", { $0["checkpoint"] = [0xFF] }, "checkpoint: the note is not UTF-8"),
        (
            "checkpoint altered",
            { files in
                files["checkpoint"] = files["checkpoint"].map {
                    Array(String(decoding: $0, as: UTF8.self).replacing("\n600\n", with: "\n599\n").utf8)
                }
            }, "tile/entries/002.p/87: missing: entries 512 to 598 cannot be read"
        ),
        (
            "endless promise",
            { files in
                files["checkpoint"] = files["checkpoint"].map {
                    Array(String(decoding: $0, as: UTF8.self).replacing("\n600\n", with: "\n9223372036854775807\n").utf8)
                }
            }, "tile/entries/002: missing: entries 512 to 767 cannot be read"
        ),
    ]

    @Test(arguments: changes.indices)
    func changesAreNamed(index: Int) async throws {
        var files = try await Self.files(600)
        Self.changes[index].change(&files)
        let found = try faults(files)
        #expect(found.contains(Self.changes[index].expected), "\(Self.changes[index].name): \(found)")
    }

    /// An older export is consistent in itself; a kept checkpoint shows that it is old.
    @Test func oldExportsNeedAKeptCheckpoint() async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 5)
            var old: [String: [UInt8]] = [:]
            try LedgerExport.write(LedgerReader(path: file.path), verifiedAs: file.audit()) { old[$0] = $1 }
            let kept = try await file.fill(to: 8)
            #expect(try faults(old) == [])
            #expect(try faults(old, kept: kept) == ["entries 5 to 7: missing: the kept checkpoint commits to it. This is an old or truncated copy"])
        }
    }

    @Test func whatWasTamperedWithIsNotExported() async throws {
        try await LedgerFile.with { file in
            try await file.fill(to: 5)
            try file.tamper("UPDATE entry SET leaf = zeroblob(32) WHERE number = 2")
            let report = try file.audit()
            #expect(throws: LedgerError.self) { try LedgerExport.write(LedgerReader(path: file.path), verifiedAs: report) { _, _ in } }
        }
    }

    /// A witness's signature travels with the export, and its key can be asked for.
    @Test func witnessesAreNamed() async throws {
        try await LedgerFile.with { file in
            var cosigned = try await file.fill(to: 4)
            let witness = try SigningKey(name: "w.example").cosigning
            try cosigned.cosign(with: witness, at: 1_764_244_800)
            try Cosignatures.accept(cosigned, by: [witness.verifier], into: file.path)
            var files: [String: [UInt8]] = [:]
            try LedgerExport.write(LedgerReader(path: file.path), verifiedAs: file.audit()) { files[$0] = $1 }
            let report = try export(files).audit(AuditOptions(keys: [file.key.verifier, witness.verifier]))
            #expect(report.faults == [] && report.gaps == [])
            #expect(report.witnesses == [AuditReport.Witness(name: "w.example", time: 1_764_244_800)])
            let other = try SigningKey(name: "w.example").cosigning.verifier
            #expect(try export(files).audit(AuditOptions(keys: [file.key.verifier, other])).gaps.count == 1)
        }
    }
}
