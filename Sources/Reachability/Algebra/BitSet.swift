/// A set of small numbers, one bit each, kept only from the first word in use to the last: the Pods of one
/// namespace stand side by side, so what a policy selects is a word or two, however large the estate.
public struct BitSet: Hashable, Sendable {
    /// Index of the first word kept. Both ends of `words` are never zero, so that equal sets are equal values.
    private var offset: Int
    private var words: [UInt64]

    public init() {
        offset = 0
        words = []
    }

    /// All numbers of a range.
    public init(_ range: Range<Int>) {
        self.init()
        guard let last = range.last else { return }
        offset = range.lowerBound / 64
        words = Array(repeating: .max, count: last / 64 - offset + 1)
        words[0] &= UInt64.max << UInt64(range.lowerBound % 64)
        words[words.count - 1] &= UInt64.max >> UInt64(63 - last % 64)
    }

    private init(offset: Int, words: [UInt64]) {
        self.offset = offset
        self.words = words
        trim()
    }

    public var isEmpty: Bool { words.isEmpty }

    public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The least number.
    public var first: Int? { words.first.map { offset * 64 + $0.trailingZeroBitCount } }

    public func contains(_ number: Int) -> Bool {
        let word = number / 64 - offset
        return word >= 0 && word < words.count && words[word] >> UInt64(number % 64) & 1 == 1
    }

    public mutating func insert(_ number: Int) {
        let word = number / 64
        if words.isEmpty {
            offset = word
            words = [0]
        } else if word < offset {
            words.insert(contentsOf: repeatElement(0, count: offset - word), at: 0)
            offset = word
        } else if word >= offset + words.count {
            words.append(contentsOf: repeatElement(0, count: word - offset - words.count + 1))
        }
        words[word - offset] |= 1 << UInt64(number % 64)
    }

    public func union(_ other: BitSet) -> BitSet {
        var result = self
        result.formUnion(other)
        return result
    }

    public mutating func formUnion(_ other: BitSet) {
        if other.isEmpty { return }
        if isEmpty {
            self = other
            return
        }
        if other.offset < offset {
            words.insert(contentsOf: repeatElement(0, count: offset - other.offset), at: 0)
            offset = other.offset
        }
        let missing = other.offset + other.words.count - offset - words.count
        if missing > 0 { words.append(contentsOf: repeatElement(0, count: missing)) }
        let shift = other.offset - offset
        for index in other.words.indices { words[index + shift] |= other.words[index] }
    }

    public func intersection(_ other: BitSet) -> BitSet {
        let start = max(offset, other.offset)
        let end = min(offset + words.count, other.offset + other.words.count)
        guard start < end, !isDisjoint(with: other) else { return BitSet() }
        return BitSet(offset: start, words: (start..<end).map { words[$0 - offset] & other.words[$0 - other.offset] })
    }

    public func subtracting(_ other: BitSet) -> BitSet {
        let start = max(offset, other.offset)
        let end = min(offset + words.count, other.offset + other.words.count)
        guard start < end else { return self }
        var rest = words
        for index in start..<end { rest[index - offset] &= ~other.words[index - other.offset] }
        return BitSet(offset: offset, words: rest)
    }

    public func isDisjoint(with other: BitSet) -> Bool {
        let start = max(offset, other.offset)
        let end = min(offset + words.count, other.offset + other.words.count)
        guard start < end else { return true }
        for index in start..<end where words[index - offset] & other.words[index - other.offset] != 0 { return false }
        return true
    }

    /// Calls `body` for each number, ascending.
    public func forEach(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                body((offset + index) * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    /// The numbers, ascending.
    public var members: [Int] {
        var members: [Int] = []
        members.reserveCapacity(count)
        forEach { members.append($0) }
        return members
    }

    private mutating func trim() {
        guard let first = words.firstIndex(where: { $0 != 0 }), let last = words.lastIndex(where: { $0 != 0 }) else {
            self = BitSet()
            return
        }
        if first > 0 || last < words.count - 1 { words = Array(words[first...last]) }
        offset += first
    }
}
