/// Grows the arena of one source. Shared by both front doors.
struct TreeBuilder {
    let source: String
    let limits: Limits
    var nodes: [Node] = []
    var text: [UInt8] = []
    var rootIndexes: [Int32] = []
    private(set) var problems: [DocumentProblem] = []
    /// Nodes that aliases and merges have added so far.
    var expandedNodes = 0
    private var keys = KeyTable()
    /// Containers with so many children that finding one of them must not mean to walk past all others.
    private var wide: [Int] = []

    init(source: String, limits: Limits) {
        self.source = source
        self.limits = limits
    }

    /// The tree, in arrays of exactly its size, since it may live as long as the inventory.
    consuming func finish() -> ParsedSource {
        let tree = DocumentTree(source: source, nodes: exact(nodes), text: exact(text), rootIndexes: rootIndexes, wide: wide)
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

    mutating func close(_ index: Int, count: Int) {
        nodes[index].textOffset = UInt32(truncatingIfNeeded: count)
        nodes[index].length = UInt32(truncatingIfNeeded: nodes.count - index)
        if count >= WideContainers.leastChildren { wide.append(index) }
    }

    /// Forgets everything from `node` on: the document it began in could not be read.
    mutating func dropNodes(from node: Int) {
        nodes.removeLast(nodes.count - node)
        while let last = rootIndexes.last, Int(last) >= node { rootIndexes.removeLast() }
        while let last = wide.last, last >= node { wide.removeLast() }
    }

    func withText<R>(of node: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let (start, count) = (Int(nodes[node].textOffset), Int(nodes[node].textLength))
        return text.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<start + count])) }
    }

    func withKey<R>(of node: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let (start, count) = (Int(nodes[node].keyOffset), nodes[node].keyLength)
        return text.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<start + count])) }
    }

    func keyText(_ node: Int) -> String {
        withKey(of: node) { String(decoding: $0, as: UTF8.self) }
    }
}

// MARK: - Problems

extension TreeBuilder {
    /// Keeps a problem, as far as the limit allows: a broken file of a gigabyte must not become a gigabyte of messages.
    mutating func report(_ problem: DocumentProblem) {
        if problems.count < limits.problems {
            problems.append(problem)
        } else if problems.count == limits.problems {
            problems.append(
                DocumentProblem(
                    source: source, position: problem.position, reason: .limit,
                    message: "more than \(limits.problems) problems in one source; those from here on are not listed"))
        }
    }

    func problem(_ reason: DocumentProblem.Reason, line: Int, column: Int, _ message: String) -> DocumentProblem {
        DocumentProblem(source: source, position: Position(line: line, column: column), reason: reason, message: message)
    }

    func problem(_ reason: DocumentProblem.Reason, at node: Int, _ message: String) -> DocumentProblem {
        problem(reason, line: Int(nodes[node].line), column: Int(nodes[node].column), message)
    }

    func tooDeep(line: Int, column: Int) -> DocumentProblem {
        problem(.limit, line: line, column: column, "nesting is deeper than the limit of \(limits.depth); raise --max-depth if this is meant")
    }

    func tooManyNodes(line: Int, column: Int) -> DocumentProblem {
        problem(
            .limit, line: line, column: column,
            "the source has more nodes than the limit of \(limits.nodes); split it, or raise --max-nodes if this is meant")
    }
}

// MARK: - Duplicate keys

extension TreeBuilder {
    /// Closes the mapping at `index`, whose entries are complete: later entries hide earlier ones of the same key.
    mutating func closeMapping(_ index: Int, count: Int, keys: KeyFilter) {
        close(index, count: count)
        guard keys.mayRepeat, count > 40 || hasEqualSignatures(index) else { return }
        shadowDuplicates(among: entries(of: index))
    }

    func signature(at offset: Int, count: Int) -> UInt32 {
        text.withUnsafeBufferPointer { KeySignature.of(UnsafeBufferPointer(rebasing: $0[offset..<offset + count])) }
    }

    /// The entries of a mapping that are not shadowed yet.
    func entries(of index: Int) -> [MappingEntry] {
        var entries: [MappingEntry] = []
        let end = index + Int(nodes[index].length)
        var child = index + 1
        while child < end {
            if !nodes[child].isShadowed { entries.append(MappingEntry(node: child)) }
            child += Int(nodes[child].length)
        }
        return entries
    }

    /// Whether two entries of a small mapping may have the same key. Pairwise, which there is faster than any table.
    private func hasEqualSignatures(_ index: Int) -> Bool {
        let end = index + Int(nodes[index].length)
        var later = index + 1 + Int(nodes[index + 1].length)
        while later < end {
            var earlier = index + 1
            while earlier < later {
                if nodes[earlier].signature == nodes[later].signature { return true }
                earlier += Int(nodes[earlier].length)
            }
            later += Int(nodes[later].length)
        }
        return false
    }

    /// Shadows every entry that a later one of the list overrides. Two keys that people wrote twice are a problem;
    /// that an entry overrides a merged one, or the other way round, is what merging is for.
    mutating func shadowDuplicates(among entries: [MappingEntry]) {
        var winners: [KeyBytes: MappingEntry] = [:]
        winners.reserveCapacity(entries.count)
        for entry in entries {
            let key = KeyBytes(bytes: withKey(of: entry.node) { Array($0) })
            guard let beaten = winners.updateValue(entry, forKey: key) else { continue }
            nodes[beaten.node].shadow()
            if !beaten.isMerged, !entry.isMerged { reportDuplicate(entry.node, of: beaten.node) }
        }
    }

    private mutating func reportDuplicate(_ later: Int, of earlier: Int) {
        guard problems.count <= limits.problems else { return }
        report(
            problem(
                .duplicateKey, at: later,
                "the key '\(keyText(later))' stands twice in one mapping (first in line \(nodes[earlier].line)); the API server keeps the last one, which is judged here"
            ))
    }
}

/// What is known of the keys of an open mapping: enough to close most mappings without looking at their keys again.
struct KeyFilter {
    private var seen: UInt64 = 0
    private(set) var mayRepeat = false

    @inline(__always)
    mutating func insert(_ signature: UInt32) {
        let bit: UInt64 = 1 << UInt64((signature >> 6 ^ signature >> 16) & 63)
        if seen & bit != 0 { mayRepeat = true }
        seen |= bit
    }
}

/// One entry of a mapping, in the order in which entries override each other.
struct MappingEntry {
    let node: Int
    /// Came from a merge key, not from the mapping itself.
    var isMerged = false
}

/// A key as table entry; the standard hasher is seeded, so no input can make all keys collide.
private struct KeyBytes: Hashable {
    let bytes: [UInt8]

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

private func exact<T>(_ array: [T]) -> [T] {
    array.capacity > array.count + array.count / 8 + 16 ? array.withUnsafeBufferPointer { Array($0) } : array
}
