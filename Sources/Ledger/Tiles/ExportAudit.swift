/// Feeds an `Auditor` from the files of an export.
struct ExportAudit {
    private let export: LedgerExport

    init(_ export: LedgerExport) { self.export = export }

    func run(_ options: AuditOptions) throws(LedgerError) -> AuditReport {
        var auditor = Auditor(options)
        guard let note = try export.file(TilePath.checkpoint) else {
            auditor.add(Fault(.tile(TilePath.checkpoint), "missing: nothing says what the other files hold"))
            return auditor.finish()
        }
        let size: Int
        do {
            let checkpoint = try SignedCheckpoint(note).checkpoint
            size = checkpoint.size
            auditor.says(origin: checkpoint.origin)
        } catch {
            auditor.add(Fault(.tile(TilePath.checkpoint), error.description))
            return auditor.finish()
        }
        var tiles = UpperTiles(export: export, size: size)
        for start in stride(from: 0, to: size, by: TilePath.width) {
            guard try bundle(start..<min(start + TilePath.width, size), &auditor, &tiles) else { break }
        }
        if auditor.range.size == size { auditor.checkpoint(note, storedAs: size) }
        return auditor.finish()
    }

    /// The entries of one bundle.
    /// - Returns: whether it makes sense to go on. What the size promises may be endless; what is missing is said once.
    private func bundle(_ range: Range<Int>, _ auditor: inout Auditor, _ tiles: inout UpperTiles) throws(LedgerError) -> Bool {
        let index = range.lowerBound / TilePath.width
        let path = TilePath.entries(index: index, width: range.count)
        guard let bytes = try export.file(path) else {
            auditor.add(Fault(.tile(path), "missing: entries \(range.lowerBound) to \(range.upperBound - 1) cannot be read"))
            return false
        }
        let hashPath = TilePath.hashes(level: 0, index: index, width: range.count)
        let hashes = try export.file(hashPath)
        switch hashes?.count {
        case nil: auditor.add(Fault(.tile(hashPath), "missing"))
        case range.count * TreeHash.length: break
        case let count?: auditor.add(Fault(.tile(hashPath), "it has \(count) bytes instead of \(range.count * TreeHash.length)"))
        }
        let (ranges, isWhole) = EntryBundle.entries(in: bytes)
        for (offset, place) in ranges.prefix(range.count).enumerated() {
            let number = range.lowerBound + offset
            let start = offset * TreeHash.length
            let leaf = hashes.flatMap { $0.count >= start + TreeHash.length ? TreeHash($0[start..<start + TreeHash.length]) : nil }
            var completed: [(Subtree, TreeHash)] = []
            let isComparable = auditor.isInOrder
            auditor.entry(number, bytes.span.extracting(place), leaf: leaf) { subtree, hash in
                if subtree.level > 0, subtree.level.isMultiple(of: 8) { completed.append((subtree, hash)) }
            }
            for (subtree, hash) in completed where isComparable && auditor.isInOrder { try tiles.compare(subtree, hash, &auditor) }
            if auditor.awaitedRotation == number + 1, number + 1 < tiles.size { try rotation(number + 1, &auditor) }
        }
        if ranges.count < range.count {
            auditor.add(Fault(.entry(range.lowerBound + ranges.count), isWhole ? "missing in \(path)" : "cut off in \(path)"))
            return false
        }
        if ranges.count > range.count || !isWhole {
            auditor.add(Fault(.tile(path), "it holds more than the \(range.count) entries that belong there"))
        }
        return true
    }

    private func rotation(_ size: Int, _ auditor: inout Auditor) throws(LedgerError) {
        let path = TilePath.rotation(size: size)
        guard let note = try export.file(path) else {
            return auditor.add(Fault(.tile(path), "missing: the checkpoint by which the next key was taken up"))
        }
        auditor.checkpoint(note, storedAs: size)
    }

    /// Tiles above the entries' own hashes; one a level is kept, since the walk needs them from left to right.
    private struct UpperTiles {
        let export: LedgerExport
        let size: Int
        private var kept: [Int: (index: Int, path: String, bytes: [UInt8])] = [:]

        init(export: LedgerExport, size: Int) {
            self.export = export
            self.size = size
        }

        mutating func compare(_ subtree: Subtree, _ hash: TreeHash, _ auditor: inout Auditor) throws(LedgerError) {
            let (level, index) = (subtree.level / 8, subtree.position / TilePath.width)
            if kept[level]?.index != index {
                let width = TilePath.width(level: level, index: index, size: size)
                let path = TilePath.hashes(level: level, index: index, width: width)
                let bytes = try export.file(path)
                if bytes == nil { auditor.add(Fault(.tile(path), "missing")) }
                if let bytes, bytes.count != width * TreeHash.length {
                    auditor.add(Fault(.tile(path), "it has \(bytes.count) bytes instead of \(width * TreeHash.length)"))
                }
                kept[level] = (index, path, bytes ?? [])
            }
            guard let tile = kept[level] else { return }
            let start = subtree.position % TilePath.width * TreeHash.length
            guard start + TreeHash.length <= tile.bytes.count else { return }
            if TreeHash(tile.bytes[start..<start + TreeHash.length]) != hash {
                let entries = subtree.entries
                let message =
                    "hash \(subtree.position % TilePath.width) in it is not what entries \(entries.lowerBound) to \(entries.upperBound - 1) hash to"
                auditor.add(Fault(.tile(tile.path), message))
            }
        }
    }
}
