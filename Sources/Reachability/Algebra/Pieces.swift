// How regions cut each other, worked out for many at once.

extension BitSet: Region {
    /// Numbers that are in the same sets are one piece. Each number gets the sum of a mark of each set it is in, and
    /// equal sums mean equal sets: two marks of 64 bits each, so that no two different lists come to the same.
    static func pieces(of regions: [BitSet]) -> [Piece<BitSet>] {
        var sums: [Int: Sum] = [:]
        for (index, region) in regions.enumerated() {
            let mark = Sum(markOf: index)
            region.forEach { sums[$0, default: Sum()].add(mark) }
        }
        var pieces: [Sum: BitSet] = [:]
        for number in sums.keys.sorted() { if let sum = sums[number] { pieces[sum, default: BitSet()].insert(number) } }
        return pieces.values.map { piece in
            let first = piece.first ?? 0
            return Piece(region: piece, holders: regions.indices.filter { regions[$0].contains(first) })
        }.sorted { ($0.region.first ?? 0) < ($1.region.first ?? 0) }
    }

    private struct Sum: Hashable {
        private var one: UInt64 = 0
        private var other: UInt64 = 0

        init() {}

        /// Far from each other for indexes that are near (the mixing function of SplitMix64).
        init(markOf index: Int) {
            one = Sum.mix(UInt64(truncatingIfNeeded: index) &* 2 &+ 1)
            other = Sum.mix(one ^ 0x5851_F42D_4C95_7F2D)
        }

        mutating func add(_ mark: Sum) {
            one &+= mark.one
            other &+= mark.other
        }

        private static func mix(_ number: UInt64) -> UInt64 {
            var z = number &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}

extension AddressSet: Region {
    static func pieces(of regions: [AddressSet]) -> [Piece<AddressSet>] {
        let four = IntervalSet.pieces(of: regions.map(\.v4))
        let six = IntervalSet.pieces(of: regions.map(\.v6))
        // A piece of one family and one of the other may be held by the same regions.
        let found = Set(four.keys).union(six.keys).sorted { $0.lexicographicallyPrecedes($1) }
        return found.map { holders in
            Piece(region: AddressSet(v4: IntervalSet(four[holders] ?? []), v6: IntervalSet(six[holders] ?? [])), holders: holders)
        }
    }
}

/// Where a range of a set begins, or where it has ended.
private struct Turn<Bound> {
    let place: Bound
    let set: Int
    let begins: Bool
}

extension IntervalSet {
    /// Ranges by the sets that hold them, found by going along the ends of all ranges once.
    fileprivate static func pieces(of sets: [IntervalSet]) -> [[Int]: [ClosedRange<Bound>]] {
        var turns: [Turn<Bound>] = []
        for (index, set) in sets.enumerated() {
            for range in set.ranges {
                turns.append(Turn(place: range.lowerBound, set: index, begins: true))
                if range.upperBound < .max { turns.append(Turn(place: range.upperBound + 1, set: index, begins: false)) }
            }
        }
        turns.sort { $0.place < $1.place }
        var pieces: [[Int]: [ClosedRange<Bound>]] = [:]
        var holders: [Int] = []
        for (position, turn) in turns.enumerated() {
            let place = holders.partitioningIndex(of: turn.set)
            if turn.begins { holders.insert(turn.set, at: place) } else { holders.remove(at: place) }
            let next = position + 1 < turns.count ? turns[position + 1].place : nil
            guard next != turn.place, !holders.isEmpty else { continue }
            pieces[holders, default: []].append(turn.place...(next.map { $0 - 1 } ?? .max))
        }
        return pieces
    }
}

extension [Int] {
    /// Where a number is, or belongs, among ascending ones.
    fileprivate func partitioningIndex(of number: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
