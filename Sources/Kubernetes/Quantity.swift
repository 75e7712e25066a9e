public import Documents

/// An amount of a resource as Kubernetes writes it: `500m`, `1.5Gi`, `2e3`, `4`.
///
/// Exact: the value is kept in nano units, the finest the API knows. What is finer is rounded away from zero and
/// what is larger than 2⁶³−1 is capped, as the API server does.
public struct Quantity: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The amount in units of 10⁻⁹.
    public let nanos: Int128

    public init(nanos: Int128) { self.nanos = nanos }

    public init(_ units: Int64) { nanos = Int128(units) * Quantity.nanosPerUnit }

    private static let nanosPerUnit: Int128 = 1_000_000_000
    private static let largest = Int128(Int64.max) * nanosPerUnit

    public static let zero = Quantity(nanos: 0)

    public static func < (one: Quantity, other: Quantity) -> Bool { one.nanos < other.nanos }
    public static func + (one: Quantity, other: Quantity) -> Quantity { Quantity(nanos: one.nanos + other.nanos) }

    /// The amount in whole units, rounded away from zero as `Quantity.Value()` of the API does.
    public var rounded: Int64 {
        let (whole, rest) = nanos.quotientAndRemainder(dividingBy: Quantity.nanosPerUnit)
        return Int64(clamping: rest == 0 ? whole : whole + rest.signum())
    }

    /// The shortest decimal notation: `1500m`, `3`.
    public var description: String {
        if nanos % 1_000_000_000 == 0 { return "\(nanos / 1_000_000_000)" }
        if nanos % 1_000_000 == 0 { return "\(nanos / 1_000_000)m" }
        return nanos % 1000 == 0 ? "\(nanos / 1000)u" : "\(nanos)n"
    }

    /// - Returns: nil when the text is no quantity: no digits, two points, an unknown suffix, spaces.
    public init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
        var number = Mantissa()
        guard number.read(&bytes), let scale = Scale(bytes) else { return nil }
        let magnitude = number.nanos(scale)
        nanos = isNegative ? -magnitude : magnitude
    }

    /// The digits before the suffix: `value` × 10^`exponent`, and whether digits were lost behind it.
    private struct Mantissa {
        var value: Int128 = 0
        var exponent = 0
        var isInexact = false

        /// More significant digits than any representable amount has in nano units.
        private static let ceiling: Int128 = 10_000_000_000_000_000_000_000_000_000

        mutating func read(_ bytes: inout ArraySlice<UInt8>) -> Bool {
            var digits = 0
            var behindPoint = false
            while let byte = bytes.first {
                if byte == UInt8(ascii: "."), !behindPoint {
                    behindPoint = true
                } else if byte &- UInt8(ascii: "0") <= 9 {
                    append(byte &- UInt8(ascii: "0"), behindPoint: behindPoint)
                    digits += 1
                } else {
                    break
                }
                bytes.removeFirst()
            }
            return digits > 0
        }

        private mutating func append(_ digit: UInt8, behindPoint: Bool) {
            if value < Mantissa.ceiling {
                value = value * 10 + Int128(digit)
                if behindPoint { exponent -= 1 }
            } else {
                if digit != 0 { isInexact = true }
                if !behindPoint { exponent += 1 }
            }
        }

        private mutating func dropDigit() {
            if value % 10 != 0 { isInexact = true }
            value /= 10
            exponent += 1
        }

        /// The amount in nano units, rounded away from zero and capped.
        func nanos(_ scale: Scale) -> Int128 {
            guard value != 0 else { return 0 }
            var rest = self
            let factor = Int128(1) << scale.twos
            while rest.value > Int128.max / factor { rest.dropDigit() }
            rest.value *= factor
            // Exponents beyond these bounds cap or vanish whatever the digits are.
            var tens = rest.exponent + min(max(scale.tens, -1000), 1000) + 9
            while tens > 0 {
                guard rest.value <= Quantity.largest / 10 else { return Quantity.largest }
                rest.value *= 10
                tens -= 1
            }
            while tens < 0, rest.value != 0 {
                rest.dropDigit()
                tens += 1
            }
            return min(rest.isInexact ? rest.value + 1 : rest.value, Quantity.largest)
        }
    }

    /// What the suffix multiplies with.
    private struct Scale {
        var tens = 0
        var twos = 0

        init?(_ suffix: ArraySlice<UInt8>) {
            switch String(decoding: suffix, as: UTF8.self) {
            case "": break
            case "n": tens = -9
            case "u": tens = -6
            case "m": tens = -3
            case "k": tens = 3
            case "M": tens = 6
            case "G": tens = 9
            case "T": tens = 12
            case "P": tens = 15
            case "E": tens = 18
            case "Ki": twos = 10
            case "Mi": twos = 20
            case "Gi": twos = 30
            case "Ti": twos = 40
            case "Pi": twos = 50
            case "Ei": twos = 60
            case let text:
                guard let first = text.utf8.first, first | 0x20 == UInt8(ascii: "e"), let exponent = Int(text.dropFirst()) else { return nil }
                tens = exponent
            }
        }
    }
}

extension Value {
    /// A quantity, written as a string or as a number.
    /// - Throws: `WrongType` when the field is something else or a string that is no quantity.
    public func quantity() throws(WrongType) -> Quantity? {
        switch kind {
        case .integer:
            // Octal, hexadecimal and `_` are gone by the time the API server reads the number.
            return try int().map { Quantity($0) }
        case .float, .string:
            guard let quantity = Quantity(text) else { throw WrongType(value: self, expected: "a quantity") }
            return quantity
        default:
            // Nothing, null, or a step or a type that is wrong: the reader of strings says which.
            guard try string() == nil else { return nil }
            return nil
        }
    }
}
