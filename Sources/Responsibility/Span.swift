/// A length of time as documents write it: `90d`, `12h`, `30m`.
public struct Span: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let seconds: Int64

    public init(seconds: Int64) {
        self.seconds = seconds
    }

    public static func days(_ days: Int64) -> Span { Span(seconds: days * 86_400) }

    /// One positive whole number with one unit: `d`, `h` or `m`. At most a hundred years.
    public init?(_ text: String) {
        let digits = text.utf8.dropLast()
        guard digits.count <= 8, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let count = Int64(text.dropLast()),
            count > 0
        else { return nil }
        let unit: Int64
        switch text.utf8.last {
        case UInt8(ascii: "d"): unit = 86_400
        case UInt8(ascii: "h"): unit = 3_600
        case UInt8(ascii: "m"): unit = 60
        default: return nil
        }
        guard count * unit <= 36_525 * 86_400 else { return nil }
        seconds = count * unit
    }

    public static func < (one: Self, other: Self) -> Bool { one.seconds < other.seconds }

    public var description: String {
        if seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        return seconds % 3_600 == 0 ? "\(seconds / 3_600)h" : "\(seconds / 60)m"
    }
}
