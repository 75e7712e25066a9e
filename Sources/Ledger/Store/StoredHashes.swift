internal import Foundation
internal import GRDB

/// Where a database keeps the hashes of the tree: those of entries beside them, and of complete subtrees every eighth
/// level, as tiles have them. What lies between is at most 255 hashes away and is computed when it is needed.
enum StoredHashes {
    /// Levels that are stored beside the entries' own.
    static let step = 8

    static func isStored(_ level: Int) -> Bool { level > 0 && level.isMultiple(of: step) }

    static func hash(of subtree: Subtree, in db: Database) throws -> TreeHash {
        let below = subtree.level % step
        guard below == 0 else {
            let base = subtree.level - below
            let (start, count) = (subtree.position << below, 1 << below)
            var range = CompactRange()
            for hash in try hashes(level: base, start..<start + count, in: db) { range.append(hash) }
            return range.root
        }
        guard let hash = try hashes(level: subtree.level, subtree.position..<subtree.position + 1, in: db).first else {
            throw MissingHash(subtree: subtree)
        }
        return hash
    }

    /// The stored hashes of a level, as many as asked for.
    static func hashes(level: Int, _ positions: Range<Int>, in db: Database) throws -> [TreeHash] {
        let rows: [Data]
        if level == 0 {
            let sql = "SELECT leaf FROM entry WHERE number >= ? AND number < ? ORDER BY number"
            rows = try Data.fetchAll(try db.cachedStatement(sql: sql), arguments: [positions.lowerBound, positions.upperBound])
        } else {
            let sql = "SELECT hash FROM subtree WHERE level = ? AND position >= ? AND position < ? ORDER BY position"
            rows = try Data.fetchAll(try db.cachedStatement(sql: sql), arguments: [level, positions.lowerBound, positions.upperBound])
        }
        let hashes = rows.compactMap { TreeHash($0) }
        guard hashes.count == positions.count else {
            throw MissingHash(subtree: Subtree(level: level, position: positions.lowerBound + hashes.count))
        }
        return hashes
    }

    /// A hash that should be there.
    struct MissingHash: Error {
        let subtree: Subtree
    }
}
