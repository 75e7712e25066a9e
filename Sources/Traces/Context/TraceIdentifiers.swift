/// Names a trace: 16 bytes, not all of them zero.
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    /// nil for zero, which stands for no trace.
    init?(high: UInt64, low: UInt64) {
        guard high | low != 0 else { return nil }
        (self.high, self.low) = (high, low)
    }

    static func random() -> TraceID {
        while true { if let one = TraceID(high: .random(in: .min ... .max), low: .random(in: .min ... .max)) { return one } }
    }

    /// 32 small digits.
    public var description: String { Hexadecimal.text(high) + Hexadecimal.text(low) }
}

/// Names a span within its trace: 8 bytes, not all of them zero.
public struct SpanID: Hashable, Sendable, CustomStringConvertible {
    let value: UInt64

    init?(_ value: UInt64) {
        guard value != 0 else { return nil }
        self.value = value
    }

    static func random() -> SpanID {
        while true { if let one = SpanID(.random(in: .min ... .max)) { return one } }
    }

    /// 16 small digits.
    public var description: String { Hexadecimal.text(value) }
}

/// Numbers in small digits, as headers and OTLP write them.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ number: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for place in 0..<16 { buffer[place] = digits[Int(number >> (60 - 4 * UInt64(place)) & 15)] }
            return 16
        }
    }

    /// nil for anything but small digits, up to sixteen of them: capitals are not allowed in `traceparent`.
    static func number(_ bytes: some Collection<UInt8>) -> UInt64? {
        guard !bytes.isEmpty, bytes.count <= 16 else { return nil }
        var number: UInt64 = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }
}
