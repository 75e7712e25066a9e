/// The text of a list, cut into its items without reading them: each becomes a document of its own.
///
/// Only strings and nesting are looked at, so this costs little beside the parsing that follows, which judges the rest.
struct ListText {
    /// Where the items stand in the text.
    private(set) var items: [Range<Int>] = []
    /// The list without its items.
    private(set) var envelope: [UInt8] = []

    /// - Parameter key: under which the items stand: `items`, or `rows` in a `Table`.
    /// - Returns: nil when it is no JSON object, or ends too early.
    init?(_ bytes: [UInt8], key: StaticString = "items") {
        let cut = bytes.withUnsafeBufferPointer { buffer in
            key.withUTF8Buffer { key in
                var scan = Scan(bytes: buffer)
                return scan.list(key) ? (scan.items, scan.hole) : nil
            }
        }
        guard let (items, hole) = cut else { return nil }
        self.items = items
        envelope.reserveCapacity(bytes.count - hole.count + 2)
        envelope += bytes[..<hole.lowerBound]
        if !hole.isEmpty { envelope += "[]".utf8 }
        envelope += bytes[hole.upperBound...]
    }

    /// The members of a JSON object in their order, without reading their values; nil when it is none, or ends too early.
    static func members(of bytes: ArraySlice<UInt8>) -> [Member]? {
        bytes.withUnsafeBufferPointer { buffer in
            var scan = Scan(bytes: buffer)
            return scan.members(from: bytes.startIndex)
        }
    }

    /// One member of an object. Keys are taken as they stand: none that is looked for is ever written with an escape.
    struct Member {
        let key: String
        /// Key and value.
        let whole: Range<Int>
        let value: Range<Int>
    }

    private struct Scan {
        let bytes: UnsafeBufferPointer<UInt8>
        var position = 0
        var items: [Range<Int>] = []
        /// The array of items; empty, at the end, where there is none.
        var hole: Range<Int>

        init(bytes: UnsafeBufferPointer<UInt8>) {
            self.bytes = bytes
            hole = bytes.count..<bytes.count
        }

        private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

        private mutating func skipSpace() {
            while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            skipSpace()
            guard current == byte else { return false }
            position += 1
            return true
        }

        mutating func list(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
            guard take(UInt8(ascii: "{")) else { return false }
            if take(UInt8(ascii: "}")) { return true }
            repeat {
                skipSpace()
                let start = position
                guard current == UInt8(ascii: "\""), string() else { return false }
                let name = UnsafeBufferPointer(rebasing: bytes[(start + 1)..<(position - 1)])
                guard take(UInt8(ascii: ":")) else { return false }
                skipSpace()
                if name.elementsEqual(key), current == UInt8(ascii: "["), hole.isEmpty {
                    guard array() else { return false }
                } else {
                    guard value() else { return false }
                }
            } while take(UInt8(ascii: ","))
            return take(UInt8(ascii: "}"))
        }

        mutating func members(from offset: Int) -> [Member]? {
            var members: [Member] = []
            guard take(UInt8(ascii: "{")) else { return nil }
            if take(UInt8(ascii: "}")) { return members }
            repeat {
                skipSpace()
                let start = position
                guard current == UInt8(ascii: "\""), string() else { return nil }
                let key = String(decoding: UnsafeBufferPointer(rebasing: bytes[(start + 1)..<max(start + 1, position - 1)]), as: UTF8.self)
                guard take(UInt8(ascii: ":")) else { return nil }
                skipSpace()
                let first = position
                guard value() else { return nil }
                members.append(Member(key: key, whole: offset + start..<offset + position, value: offset + first..<offset + position))
            } while take(UInt8(ascii: ","))
            return take(UInt8(ascii: "}")) ? members : nil
        }

        private mutating func array() -> Bool {
            let start = position
            position += 1
            if !take(UInt8(ascii: "]")) {
                repeat {
                    skipSpace()
                    let first = position
                    guard value() else { return false }
                    items.append(first..<position)
                } while take(UInt8(ascii: ","))
                guard take(UInt8(ascii: "]")) else { return false }
            }
            hole = start..<position
            return true
        }

        /// Skips a value; what stands between brackets is taken on trust.
        private mutating func value() -> Bool {
            var depth = 0
            while position < bytes.count {
                switch bytes[position] {
                case UInt8(ascii: "\""):
                    guard string() else { return false }
                    if depth == 0 { return true }
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    // The end of what holds this value.
                    if depth == 0 { return true }
                    depth -= 1
                    if depth == 0 {
                        position += 1
                        return true
                    }
                case UInt8(ascii: ","): if depth == 0 { return true }
                default: break
                }
                position += 1
            }
            return false
        }

        private mutating func string() -> Bool {
            position += 1
            while position < bytes.count {
                let byte = bytes[position]
                position += byte == UInt8(ascii: "\\") ? 2 : 1
                if byte == UInt8(ascii: "\"") { return true }
            }
            return false
        }
    }
}
