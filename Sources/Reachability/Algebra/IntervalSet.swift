/// A set of numbers as sorted, disjoint ranges that never touch, so that equal sets are equal values.
///
/// Ports and addresses are such sets. Every operation walks both lists once.
public struct IntervalSet<Bound: FixedWidthInteger & UnsignedInteger & Sendable>: Hashable, Sendable {
    public private(set) var ranges: [ClosedRange<Bound>]

    public init() { ranges = [] }

    public init(_ range: ClosedRange<Bound>) { ranges = [range] }

    public init(_ number: Bound) { ranges = [number...number] }

    /// - Parameter ranges: in any order; they may overlap.
    public init(_ ranges: some Sequence<ClosedRange<Bound>>) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
    }

    /// Many sets at once: one after the other, each step would walk over all that came before.
    public init(unionOf sets: some Sequence<IntervalSet>) { self.init(sets.flatMap(\.ranges)) }

    public static var everything: IntervalSet { IntervalSet(Bound.min...Bound.max) }

    public var isEmpty: Bool { ranges.isEmpty }

    public var isEverything: Bool { ranges.first == Bound.min...Bound.max }

    public func contains(_ number: Bound) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= number
    }

    public func isSuperset(of other: IntervalSet) -> Bool { other.subtracting(self).isEmpty }

    /// Asked far more often than for the intersection itself, so it makes none.
    public func isDisjoint(with other: IntervalSet) -> Bool {
        var (mine, theirs) = (0, 0)
        while mine < ranges.count, theirs < other.ranges.count {
            let (one, two) = (ranges[mine], other.ranges[theirs])
            if one.overlaps(two) { return false }
            if one.upperBound < two.upperBound { mine += 1 } else { theirs += 1 }
        }
        return true
    }

    public func union(_ other: IntervalSet) -> IntervalSet {
        if isEmpty { return other }
        if other.isEmpty { return self }
        var result = IntervalSet()
        result.ranges.reserveCapacity(ranges.count + other.ranges.count)
        var (mine, theirs) = (ranges[...], other.ranges[...])
        while let one = mine.first, let two = theirs.first {
            if one.lowerBound <= two.lowerBound {
                result.append(one)
                mine = mine.dropFirst()
            } else {
                result.append(two)
                theirs = theirs.dropFirst()
            }
        }
        for rest in mine { result.append(rest) }
        for rest in theirs { result.append(rest) }
        return result
    }

    public func intersection(_ other: IntervalSet) -> IntervalSet {
        var result = IntervalSet()
        var (mine, theirs) = (0, 0)
        while mine < ranges.count, theirs < other.ranges.count {
            let (one, two) = (ranges[mine], other.ranges[theirs])
            let (lower, upper) = (max(one.lowerBound, two.lowerBound), min(one.upperBound, two.upperBound))
            if lower <= upper { result.ranges.append(lower...upper) }
            if one.upperBound < two.upperBound { mine += 1 } else { theirs += 1 }
        }
        return result
    }

    public func subtracting(_ other: IntervalSet) -> IntervalSet {
        if isEmpty || other.isEmpty { return self }
        return intersection(other.complement)
    }

    /// Every number of the type that is not in this set.
    public var complement: IntervalSet {
        var result = IntervalSet()
        var next = Bound.min
        for range in ranges {
            if range.lowerBound > next { result.ranges.append(next...(range.lowerBound - 1)) }
            guard range.upperBound < Bound.max else { return result }
            next = range.upperBound + 1
        }
        result.ranges.append(next...Bound.max)
        return result
    }

    /// Takes up a range that begins no earlier than the last one.
    private mutating func append(_ range: ClosedRange<Bound>) {
        guard let last = ranges.last else { return ranges.append(range) }
        let touches = last.upperBound == Bound.max || range.lowerBound <= last.upperBound + 1
        guard touches else { return ranges.append(range) }
        if range.upperBound > last.upperBound { ranges[ranges.count - 1] = last.lowerBound...range.upperBound }
    }
}
