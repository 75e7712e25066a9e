/// Grows the arena of one source. Shared by both front doors.
struct TreeBuilder {
    let source: String
    let limits: Limits
    var nodes: [Node] = []
    var text: [UInt8] = []
    var rootIndexes: [Int32] = []
    var problems: [DocumentProblem] = []
    var expandedNodes = 0
    private var keys = KeyTable()

    init(source: String, limits: Limits) {
        self.source = source
        self.limits = limits
    }

    /// The tree, in arrays of exactly its size, since it may live as long as the inventory.
    consuming func finish() -> ParsedSource {
        let tree = DocumentTree(source: source, nodes: exact(nodes), text: exact(text), rootIndexes: rootIndexes)
        return ParsedSource(tree: tree, problems: problems)
    }

    mutating func internKey(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        keys.offset(of: bytes, in: &text)
    }

    mutating func appendText(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let offset = UInt32(truncatingIfNeeded: text.count)
        text.append(contentsOf: bytes)
        return offset
    }

    func problem(_ reason: DocumentProblem.Reason, line: Int, column: Int, _ message: String) -> DocumentProblem {
        DocumentProblem(source: source, position: Position(line: line, column: column), reason: reason, message: message)
    }

    func problem(_ reason: DocumentProblem.Reason, at node: Int, _ message: String) -> DocumentProblem {
        problem(reason, line: Int(nodes[node].line), column: Int(nodes[node].column), message)
    }

    /// Closes the mapping at `index`, whose entries are complete: later entries hide earlier ones of the same key.
    mutating func closeMapping(_ index: Int, count: Int) {
        close(index, count: count)
        guard count > 1 else { return }
        if count <= 12 { shadowFewDuplicates(index) } else { shadowManyDuplicates(index) }
    }

    mutating func close(_ index: Int, count: Int) {
        nodes[index].textOffset = UInt32(truncatingIfNeeded: count)
        nodes[index].length = UInt32(truncatingIfNeeded: nodes.count - index)
    }

    /// Pairwise, which for the mappings people write is faster than any table.
    private mutating func shadowFewDuplicates(_ index: Int) {
        let end = index + Int(nodes[index].length)
        var later = index + 1
        while later < end {
            var earlier = nodes[later].flags.contains(.shadowed) ? later : index + 1
            while earlier < later {
                if nodes[earlier].keyLength == nodes[later].keyLength, !nodes[earlier].flags.contains(.shadowed), sameKey(earlier, later) {
                    shadow(earlier, by: later)
                }
                earlier += Int(nodes[earlier].length)
            }
            later += Int(nodes[later].length)
        }
    }

    private mutating func shadowManyDuplicates(_ index: Int) {
        let end = index + Int(nodes[index].length)
        var seen: [[UInt8]: Int] = [:]
        var child = index + 1
        while child < end {
            defer { child += Int(nodes[child].length) }
            if nodes[child].flags.contains(.shadowed) { continue }
            let start = Int(nodes[child].keyOffset)
            if let earlier = seen.updateValue(child, forKey: Array(text[start..<start + Int(nodes[child].keyLength)])) {
                shadow(earlier, by: child)
            }
        }
    }

    private mutating func shadow(_ earlier: Int, by later: Int) {
        nodes[earlier].flags.insert(.shadowed)
        problems.append(
            problem(
                .duplicateKey, at: later,
                "the key '\(keyText(later))' stands twice in one mapping (first in line \(nodes[earlier].line)); the API server keeps the last one, which is judged here"
            ))
    }

    func keyText(_ node: Int) -> String {
        let start = Int(nodes[node].keyOffset)
        return String(decoding: text[start..<start + Int(nodes[node].keyLength)], as: UTF8.self)
    }

    func sameKey(_ first: Int, _ second: Int) -> Bool {
        let (one, two, length) = (Int(nodes[first].keyOffset), Int(nodes[second].keyOffset), Int(nodes[first].keyLength))
        guard length == Int(nodes[second].keyLength) else { return false }
        if one == two { return true }
        for position in 0..<length where text[one + position] != text[two + position] { return false }
        return true
    }

    /// Forgets everything from `node` on: the document it began in could not be read.
    mutating func dropNodes(from node: Int) {
        nodes.removeLast(nodes.count - node)
        while let last = rootIndexes.last, Int(last) >= node { rootIndexes.removeLast() }
    }
}

private func exact<T>(_ array: [T]) -> [T] {
    array.capacity > array.count + array.count / 8 + 16 ? array.withUnsafeBufferPointer { Array($0) } : array
}

/// Finds the place of a key's text, so that each distinct key is kept once.
private struct KeyTable {
    private var slots: [Slot] = Array(repeating: Slot(offset: 0, length: .max), count: 256)
    private var used = 0

    private struct Slot {
        var offset: UInt32
        /// `.max` marks a free slot; keys are shorter than that.
        var length: UInt32
    }

    mutating func offset(of bytes: UnsafeBufferPointer<UInt8>, in text: inout [UInt8]) -> UInt32 {
        if used * 2 >= slots.count { grow(text) }
        var slot = hash(bytes) & (slots.count - 1)
        while slots[slot].length != .max {
            if Int(slots[slot].length) == bytes.count, matches(bytes, text, Int(slots[slot].offset)) { return slots[slot].offset }
            slot = (slot + 1) & (slots.count - 1)
        }
        let offset = UInt32(truncatingIfNeeded: text.count)
        text.append(contentsOf: bytes)
        slots[slot] = Slot(offset: offset, length: UInt32(bytes.count))
        used += 1
        return offset
    }

    private func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ text: [UInt8], _ offset: Int) -> Bool {
        text.withUnsafeBufferPointer { text in
            for position in 0..<bytes.count where text[offset + position] != bytes[position] { return false }
            return true
        }
    }

    private func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ (hash >> 29)) & Int.max
    }

    private mutating func grow(_ text: [UInt8]) {
        let old = slots
        slots = Array(repeating: Slot(offset: 0, length: .max), count: old.count * 4)
        for entry in old where entry.length != .max {
            let start = Int(entry.offset)
            var slot = text.withUnsafeBufferPointer { hash(UnsafeBufferPointer(rebasing: $0[start..<start + Int(entry.length)])) } & (slots.count - 1)
            while slots[slot].length != .max { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = entry
        }
    }
}
