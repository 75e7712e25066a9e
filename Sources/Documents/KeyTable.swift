/// Finds the place of a key's text, so that each distinct key of a YAML source is kept once.
struct KeyTable {
    /// Empty before the first key: JSON keeps its keys where they are, and needs no table.
    private var slots: [Slot] = []
    private var used = 0

    private struct Slot {
        var offset: UInt32
        var length: UInt32

        /// No key is this long.
        static let free = Slot(offset: 0, length: .max)
    }

    mutating func offset(of bytes: UnsafeBufferPointer<UInt8>, in text: inout [UInt8]) -> UInt32 {
        if used * 2 >= slots.count { grow(text) }
        var slot = KeyTable.hash(bytes) & (slots.count - 1)
        while slots[slot].length != .max {
            if Int(slots[slot].length) == bytes.count, matches(bytes, text, Int(slots[slot].offset)) { return slots[slot].offset }
            slot = (slot + 1) & (slots.count - 1)
        }
        let offset = UInt32(truncatingIfNeeded: text.count)
        text.append(contentsOf: bytes)
        slots[slot] = Slot(offset: offset, length: UInt32(truncatingIfNeeded: bytes.count))
        used += 1
        return offset
    }

    private func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ text: [UInt8], _ offset: Int) -> Bool {
        text.withUnsafeBufferPointer { text in
            text.baseAddress.map { equalBytes($0 + offset, bytes) } ?? bytes.isEmpty
        }
    }

    private mutating func grow(_ text: [UInt8]) {
        let old = slots
        slots = Array(repeating: .free, count: max(256, old.count * 4))
        for entry in old where entry.length != .max {
            let range = Int(entry.offset)..<Int(entry.offset) + Int(entry.length)
            var slot = text.withUnsafeBufferPointer { KeyTable.hash(UnsafeBufferPointer(rebasing: $0[range])) } & (slots.count - 1)
            while slots[slot].length != .max { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = entry
        }
    }

    /// Eight bytes at a time through a folded multiplication. Seeded anew in every process, so that no manifest can be
    /// written whose keys all fall into one slot.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count)
        let raw = UnsafeRawBufferPointer(bytes)
        var position = 0
        while position + 8 <= raw.count {
            hash = fold(hash ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
        }
        var rest: UInt64 = 0
        while position < raw.count {
            rest = rest << 8 | UInt64(raw[position])
            position += 1
        }
        return Int(truncatingIfNeeded: fold(hash ^ rest) & UInt64(Int.max))
    }

    @inline(__always)
    private static func fold(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: multiplier)
        return product.high ^ product.low
    }

    private static let seed = UInt64.random(in: .min ... .max)
    private static let multiplier = UInt64.random(in: .min ... .max) | 0x8000_0000_0000_0001
}
