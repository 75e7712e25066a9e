/// Numbers as Kubernetes' YAML and JSON parsers read them.
enum ScalarNumber {
    /// The value of an integer scalar (decimal, `0x`, `0o`, `0b`, leading-zero octal, `_` separators) or of a
    /// float without a fraction; nil when it is neither or exceeds 64 bits.
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        if let plain = decimal(text) { return plain }
        let string = String(decoding: text.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        if let prefixed = prefixedInteger(string) { return prefixed }
        guard let double = Double(string), double == double.rounded(.towardZero), abs(double) < 9.007_199_254_740_993e15 else { return nil }
        return Int64(double)
    }

    /// The common case: an optional sign and digits without a leading zero.
    private static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let first = text.first, text.count < 19 else { return nil }
        let negative = first == UInt8(ascii: "-")
        let digits = negative || first == UInt8(ascii: "+") ? UnsafeBufferPointer(rebasing: text.dropFirst()) : text
        guard let leading = digits.first, digits.count == 1 || leading != UInt8(ascii: "0") else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard digit &- UInt8(ascii: "0") <= 9 else { return nil }
            value = value * 10 + Int64(digit &- UInt8(ascii: "0"))
        }
        return negative ? -value : value
    }

    /// Go's `strconv.ParseInt(s, 0, 64)` without its underscore rules, which the YAML parser drops first.
    static func prefixedInteger(_ string: String) -> Int64? {
        var rest = Substring(string)
        var sign = ""
        if let first = rest.first, first == "-" || first == "+" {
            sign = first == "-" ? "-" : ""
            rest.removeFirst()
        }
        guard let first = rest.utf8.first, first &- UInt8(ascii: "0") <= 9 else { return nil }
        let lower = rest.lowercased()
        if lower.hasPrefix("0x") { return Int64(sign + lower.dropFirst(2), radix: 16) }
        if lower.hasPrefix("0b") { return Int64(sign + lower.dropFirst(2), radix: 2) }
        if lower.hasPrefix("0o") { return Int64(sign + lower.dropFirst(2), radix: 8) }
        if lower.count > 1, lower.hasPrefix("0") { return Int64(sign + lower.dropFirst(1), radix: 8) }
        return Int64(sign + lower)
    }
}
