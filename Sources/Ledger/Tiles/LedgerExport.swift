/// A ledger as files: a checkpoint, tiles of hashes and bundles of entries (c2sp.org/tlog-tiles). It can be published
/// by any web server, and is verified without the database it came from.
///
/// It does no I/O of its own; whoever has it says how a file is read.
public struct LedgerExport: LedgerSource {
    /// The bytes of a file below the export's directory, nil when there is none.
    public typealias Read = @Sendable (_ path: String) throws -> [UInt8]?

    private let read: Read
    private let name: String

    /// No file of an export is larger: a bundle of 256 entries of the largest size.
    public static let maximalFileLength = TilePath.width * (Entry.maximalLength + 2)
    /// The file that is written last and says what the others hold.
    public static let checkpointName = TilePath.checkpoint

    /// - Parameter name: what errors call it.
    public init(name: String, read: @escaping Read) {
        self.name = name
        self.read = read
    }

    /// Writes a database as files: what its newest checkpoint commits to. The checkpoint comes last, so that whoever
    /// looks in between sees the old state or the new one.
    /// - Parameter report: what a verification of the same database found; nothing that was tampered with is exported.
    public static func write(
        _ reader: LedgerReader, verifiedAs report: AuditReport, _ write: (_ path: String, _ bytes: [UInt8]) throws -> Void
    ) throws {
        guard report.faults.isEmpty, var checkpoint = report.checkpoint else {
            throw LedgerError.tampered(path: report.origin, report.faults.first ?? Fault(.database, "there is no checkpoint"))
        }
        let size = checkpoint.checkpoint.size
        for start in stride(from: 0, to: size, by: TilePath.width) {
            let range = start..<min(start + TilePath.width, size)
            let path = TilePath.entries(index: start / TilePath.width, width: range.count)
            try write(path, EntryBundle.bytes(of: try reader.entries(range)))
        }
        var level = 0
        while size >> (8 * level) > 0 {
            for start in stride(from: 0, to: size >> (8 * level), by: TilePath.width) {
                let index = start / TilePath.width
                let width = TilePath.width(level: level, index: index, size: size)
                let hashes = try reader.hashes(level: 8 * level, start..<start + width)
                try write(TilePath.hashes(level: level, index: index, width: width), hashes.flatMap(\.bytes))
            }
            level += 1
        }
        for rotation in report.rotations {
            guard let note = try reader.checkpoint(ofSize: rotation) else { continue }
            try write(TilePath.rotation(size: rotation), Array(note.description.utf8))
        }
        for cosigned in try reader.cosignatures(ofSize: size) { checkpoint.add(cosigned.signatures) }
        try write(TilePath.checkpoint, Array(checkpoint.description.utf8))
    }

    public func checkpoint() throws(LedgerError) -> SignedCheckpoint? {
        guard let bytes = try file(TilePath.checkpoint) else { return nil }
        do { return try SignedCheckpoint(bytes) } catch { throw .note(error) }
    }

    public func entry(_ number: Int) throws(LedgerError) -> [UInt8]? {
        guard number >= 0, let size = try checkpoint()?.checkpoint.size, number < size else { return nil }
        let index = number / TilePath.width
        let path = TilePath.entries(index: index, width: TilePath.width(level: 0, index: index, size: size))
        guard let bytes = try file(path) else { throw .tampered(path: name, Fault(.tile(path), "missing")) }
        let ranges = EntryBundle.entries(in: bytes).ranges
        guard ranges.indices.contains(number % TilePath.width) else { throw .tampered(path: name, Fault(.entry(number), "missing in \(path)")) }
        return Array(bytes[ranges[number % TilePath.width]])
    }

    public func inclusionProof(of number: Int, in size: Int) throws(LedgerError) -> [TreeHash] {
        let whole = try wholeSize()
        return try Proof.inclusion(of: number, in: size) { (subtree) throws(LedgerError) in try hash(of: subtree, size: whole) }
    }

    public func consistencyProof(from old: Int, to new: Int) throws(LedgerError) -> [TreeHash] {
        let whole = try wholeSize()
        return try Proof.consistency(from: old, to: new) { (subtree) throws(LedgerError) in try hash(of: subtree, size: whole) }
    }

    public func audit(_ options: AuditOptions) throws(LedgerError) -> AuditReport { try ExportAudit(self).run(options) }

    private func wholeSize() throws(LedgerError) -> Int { try checkpoint()?.checkpoint.size ?? 0 }

    private func hash(of subtree: Subtree, size: Int) throws(LedgerError) -> TreeHash {
        let below = subtree.level % 8
        let (level, start) = (subtree.level / 8, subtree.position << below)
        let index = start / TilePath.width
        let path = TilePath.hashes(level: level, index: index, width: TilePath.width(level: level, index: index, size: size))
        guard let bytes = try file(path) else { throw .tampered(path: name, Fault(.tile(path), "missing")) }
        var range = CompactRange()
        for offset in 0..<1 << below {
            let place = (start % TilePath.width + offset) * TreeHash.length
            guard place + TreeHash.length <= bytes.count, let hash = TreeHash(bytes[place..<place + TreeHash.length]) else {
                throw .tampered(path: name, Fault(.tile(path), "cut off"))
            }
            range.append(hash)
        }
        return range.root
    }

    func file(_ path: String) throws(LedgerError) -> [UInt8]? {
        do { return try read(path) } catch { throw .unusable(path: name, reason: "\(path): \(error)") }
    }
}
