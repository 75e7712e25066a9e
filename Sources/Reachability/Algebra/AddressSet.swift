public import Kubernetes

/// IP addresses of both families, exactly.
public struct AddressSet: Hashable, Sendable {
    public let v4: IntervalSet<UInt32>
    public let v6: IntervalSet<UInt128>

    public init() { self.init(v4: IntervalSet()) }

    public init(v4: IntervalSet<UInt32> = IntervalSet(), v6: IntervalSet<UInt128> = IntervalSet()) {
        self.v4 = v4
        self.v6 = v6
    }

    public init(unionOf sets: [AddressSet]) {
        self.init(v4: IntervalSet(unionOf: sets.lazy.map(\.v4)), v6: IntervalSet(unionOf: sets.lazy.map(\.v6)))
    }

    public init(_ range: AddressRange) {
        if range.isIPv6 {
            self.init(v6: IntervalSet(range.first...range.last))
        } else {
            self.init(v4: IntervalSet(UInt32(truncatingIfNeeded: range.first)...UInt32(truncatingIfNeeded: range.last)))
        }
    }

    public static let everything = AddressSet(v4: .everything, v6: .everything)
    public static let everyIPv4 = AddressSet(v4: .everything)
    public static let empty = AddressSet()

    public var isEmpty: Bool { v4.isEmpty && v6.isEmpty }

    /// Whether this holds every address of at least one family.
    public var holdsAFamily: Bool { v4.isEverything || v6.isEverything }

    public func union(_ other: AddressSet) -> AddressSet { AddressSet(v4: v4.union(other.v4), v6: v6.union(other.v6)) }

    public func intersection(_ other: AddressSet) -> AddressSet {
        AddressSet(v4: v4.intersection(other.v4), v6: v6.intersection(other.v6))
    }

    public func subtracting(_ other: AddressSet) -> AddressSet {
        AddressSet(v4: v4.subtracting(other.v4), v6: v6.subtracting(other.v6))
    }

    public func isDisjoint(with other: AddressSet) -> Bool { v4.isDisjoint(with: other.v4) && v6.isDisjoint(with: other.v6) }

    public func isSuperset(of other: AddressSet) -> Bool { other.subtracting(self).isEmpty }

    /// The ranges in order, IPv4 first.
    public var ranges: [AddressInterval] { v4.ranges.map(AddressInterval.v4) + v6.ranges.map(AddressInterval.v6) }
}

/// Addresses from a first to a last one.
public enum AddressInterval: Hashable, Sendable, Comparable, CustomStringConvertible {
    case v4(ClosedRange<UInt32>)
    case v6(ClosedRange<UInt128>)

    /// IPv4 before IPv6, then by the first address, then by the last.
    public static func < (one: Self, other: Self) -> Bool {
        switch (one, other) {
        case (.v4(let one), .v4(let other)): (one.lowerBound, one.upperBound) < (other.lowerBound, other.upperBound)
        case (.v6(let one), .v6(let other)): (one.lowerBound, one.upperBound) < (other.lowerBound, other.upperBound)
        case (.v4, .v6): true
        case (.v6, .v4): false
        }
    }

    /// `10.0.0.0-10.255.255.255`.
    public var description: String {
        switch self {
        case .v4(let range): "\(AddressInterval.text(range.lowerBound))-\(AddressInterval.text(range.upperBound))"
        case .v6(let range): "\(AddressInterval.text(range.lowerBound))-\(AddressInterval.text(range.upperBound))"
        }
    }

    private static func text(_ address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    }

    /// As RFC 5952 writes it: no leading zeros, the longest run of zero groups (two at least, the first of equals) as `::`.
    private static func text(_ address: UInt128) -> String {
        let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: address >> UInt128($0)) }
        var (best, start) = (0..<0, 0)
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start) + 1
        }
        func text(_ part: some Sequence<UInt16>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard !best.isEmpty else { return text(groups) }
        return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }
}
