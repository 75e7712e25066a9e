/// The bytes of a JSON source and the place reached in them: the innermost loops of the scanner, eight bytes at a time.
struct JSONBytes {
    private let start: UnsafePointer<UInt8>
    let count: Int
    var position = 0
    private(set) var line = 1
    /// Where the current line begins, moved along by continuation bytes so that columns count characters.
    var lineStart = 0

    init(start: UnsafePointer<UInt8>, count: Int) {
        self.start = start
        self.count = count
    }

    var column: UInt32 { UInt32(truncatingIfNeeded: position - lineStart + 1) }

    /// The column, also in the middle of a string, whose characters `lineStart` does not know of yet.
    var exactColumn: Int {
        var first = position
        while first > 0, start[first - 1] != UInt8(ascii: "\n") { first -= 1 }
        return 1 + self[first..<position].count { $0 & 0xC0 != 0x80 }
    }

    /// The byte at the position, or NUL, which is never right in JSON, at the end.
    @inline(__always)
    var current: UInt8 { position < count ? start[position] : 0 }

    subscript(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start + range.lowerBound, count: range.count)
    }

    func starts(with expected: some Sequence<UInt8>) -> Bool {
        self[position..<count].starts(with: expected)
    }

    @inline(__always)
    mutating func skipSpace() {
        if position < count, start[position] > 0x20 { return }
        skipSomeSpace()
    }

    private mutating func skipSomeSpace() {
        var position = self.position
        while position < count {
            switch start[position] {
            case UInt8(ascii: "\n"):
                line += 1
                lineStart = position + 1
                position = skipIndentation(position + 1)
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            default:
                self.position = position
                return
            }
        }
        self.position = position
    }

    /// The spaces at the beginning of a line.
    @inline(__always)
    private func skipIndentation(_ from: Int) -> Int {
        var position = from
        while position + 8 <= count {
            let different = word(at: position) ^ 0x2020_2020_2020_2020
            guard different == 0 else { return position + different.trailingZeroBitCount / 8 }
            position += 8
        }
        return position
    }

    mutating func skipDigits() -> Int {
        let first = position
        while position < count, start[position] &- UInt8(ascii: "0") <= 9 { position += 1 }
        return position - first
    }

    /// Moves to the first byte that ends a run of plain text in a string: a quote, a backslash, a control character, or
    /// the end of the source.
    /// - Returns: whether all bytes of the run are ASCII.
    @inline(__always)
    mutating func skipStringBody() -> Bool {
        var position = self.position
        var high: UInt64 = 0
        while position + 8 <= count {
            let word = word(at: position)
            let ends = JSONBytes.zeros(word ^ 0x2222_2222_2222_2222) | JSONBytes.zeros(word ^ 0x5C5C_5C5C_5C5C_5C5C) | JSONBytes.controls(word)
            if ends != 0 {
                let length = ends.trailingZeroBitCount & ~7
                self.position = position + length / 8
                return (high | word & (1 << UInt64(length) &- 1)) & 0x8080_8080_8080_8080 == 0
            }
            high |= word
            position += 8
        }
        var tail: UInt8 = 0
        while position < count, start[position] != UInt8(ascii: "\""), start[position] != UInt8(ascii: "\\"), start[position] >= 0x20 {
            tail |= start[position]
            position += 1
        }
        self.position = position
        return (high | UInt64(tail)) & 0x8080_8080_8080_8080 == 0
    }

    /// About as many nodes as the source has, by its beginning: each stands behind a comma or a bracket. Without a branch, so that many bytes
    /// are looked at in one step.
    static func expectedNodes(in bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            let sample = UnsafeBufferPointer(rebasing: bytes.prefix(1 << 16))
            var nodes: UInt32 = 0
            for byte in sample { nodes &+= (byte == UInt8(ascii: ",") ? 1 : 0) &+ (byte | 0x20 == UInt8(ascii: "{") ? 1 : 0) }
            return 16 + (sample.isEmpty ? 0 : bytes.count * Int(nodes + nodes / 16) / sample.count)
        }
    }

    /// Whether one of these bytes is NUL.
    static func holdNUL(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var position = 0
        while position + 8 <= raw.count {
            if zeros(raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)) != 0 { return true }
            position += 8
        }
        return bytes[position...].contains(0)
    }

    @inline(__always)
    private func word(at position: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// The high bit of each byte that is zero; above the lowest of them there may be false ones.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    /// The high bit of each byte below 0x20; above the lowest of them there may be false ones.
    @inline(__always)
    private static func controls(_ word: UInt64) -> UInt64 {
        (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
    }
}
