/// The names of the files of an export (c2sp.org/tlog-tiles).
enum TilePath {
    /// Hashes or entries in a full tile.
    static let width = 256
    static let checkpoint = "checkpoint"

    /// A tile of hashes: `tile/1/x001/x234/067`, and `.p/17` behind it for one that has only 17 of 256.
    static func hashes(level: Int, index: Int, width: Int) -> String { "tile/\(level)/\(number(index))\(part(width))" }

    /// A bundle of entries.
    static func entries(index: Int, width: Int) -> String { "tile/entries/\(number(index))\(part(width))" }

    /// A checkpoint that two of the ledger's keys signed. The format of tiles has none of these; whoever trusts only an
    /// older key needs them.
    static func rotation(size: Int) -> String { "rotation/\(size)" }

    /// The hashes that a tile has in a tree of `size` entries.
    static func width(level: Int, index: Int, size: Int) -> Int { min(width, max(0, (size >> (8 * level)) - index * width)) }

    /// Groups of three digits; all but the last begin with an x.
    private static func number(_ index: Int) -> String {
        var groups = [group(index % 1000)]
        var rest = index / 1000
        while rest > 0 {
            groups.append("x" + group(rest % 1000))
            rest /= 1000
        }
        return groups.reversed().joined(separator: "/")
    }

    private static func group(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }

    private static func part(_ width: Int) -> String { width == Self.width ? "" : ".p/\(width)" }
}

/// A bundle: entries, each behind its length in two bytes, the higher first.
enum EntryBundle {
    static func bytes(of entries: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes += [UInt8(truncatingIfNeeded: entry.count >> 8), UInt8(truncatingIfNeeded: entry.count)]
            bytes += entry
        }
        return bytes
    }

    /// Where the entries lie in a bundle, up to the first that is cut off.
    static func entries(in bytes: [UInt8]) -> (ranges: [Range<Int>], isWhole: Bool) {
        var ranges: [Range<Int>] = []
        var position = 0
        while position + 2 <= bytes.count {
            let start = position + 2
            let end = start + (Int(bytes[position]) << 8 | Int(bytes[position + 1]))
            guard end <= bytes.count else { break }
            ranges.append(start..<end)
            position = end
        }
        return (ranges, position == bytes.count)
    }
}
