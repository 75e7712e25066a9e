/// Numbers as Kubernetes' YAML and JSON parsers read them.
enum ScalarNumber {
    /// The value of an integer scalar (decimal, `0x`, `0o`, `0b`, leading-zero octal, `_` separators) or of a
    /// float without a fraction; nil when it is neither or exceeds 64 bits.
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        if let plain = decimal(text) { return plain }
        let string = String(decoding: text.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        if let prefixed = prefixedInteger(string) { return prefixed }
        guard let double = Double(string), abs(double) < 9.007_199_254_740_993e15 else { return nil }
        let whole = Int64(double)
        return Double(whole) == double ? whole : nil
    }

    /// Digits without sign and leading zero that surely fit 64 bits.
    static func isPlainDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count < 19, let first = text.first, first != UInt8(ascii: "0") || text.count == 1 else { return false }
        return text.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
    }

    /// The common case: an optional sign and digits without a leading zero.
    private static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let first = text.first, text.count < 19 else { return nil }
        let negative = first == UInt8(ascii: "-")
        let digits = negative || first == UInt8(ascii: "+") ? UnsafeBufferPointer(rebasing: text.dropFirst()) : text
        guard isPlainDecimal(digits) else { return nil }
        var value: Int64 = 0
        for digit in digits { value = value * 10 + Int64(digit &- UInt8(ascii: "0")) }
        return negative ? -value : value
    }

    /// Go's `strconv.ParseInt(s, 0, 64)` without its underscore rules, which the YAML parser drops first.
    static func prefixedInteger<Integer: FixedWidthInteger>(_ string: String, as type: Integer.Type = Int64.self) -> Integer? {
        var rest = Substring(string)
        var sign = ""
        if let first = rest.first, first == "-" || first == "+" {
            sign = first == "-" ? "-" : ""
            rest.removeFirst()
        }
        guard let first = rest.utf8.first, first &- UInt8(ascii: "0") <= 9 else { return nil }
        let lower = rest.lowercased()
        if lower.hasPrefix("0x") { return digits(lower.dropFirst(2), sign: sign, radix: 16) }
        if lower.hasPrefix("0b") { return digits(lower.dropFirst(2), sign: sign, radix: 2) }
        if lower.hasPrefix("0o") { return digits(lower.dropFirst(2), sign: sign, radix: 8) }
        if lower.count > 1, lower.hasPrefix("0") { return digits(lower.dropFirst(1), sign: sign, radix: 8) }
        return digits(lower[...], sign: sign, radix: 10)
    }

    /// Swift would take a second sign behind the prefix.
    private static func digits<Integer: FixedWidthInteger>(_ text: Substring, sign: String, radix: Int) -> Integer? {
        guard let first = text.first, first.isHexDigit else { return nil }
        return Integer(sign + text, radix: radix)
    }

    /// Whether an integer fits 64 bits only without a sign: a number as a value, but no key for the API server.
    static func needsUnsigned(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let string = String(decoding: text.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        return prefixedInteger(string, as: Int64.self) == nil && prefixedInteger(string, as: UInt64.self) != nil
    }

    /// The string that a float used as a key becomes on the way to JSON: 32 bits of precision, and an exponent of two
    /// digits or more below 0.0001 and from a million on (`1.10` is `1.1`, `1e6` is `1e+06`).
    static func floatKey(_ text: UnsafeBufferPointer<UInt8>) -> String {
        let string = String(decoding: text.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self).lowercased()
        switch string {
        case ".inf", "+.inf": return ".inf"
        case "-.inf": return "-.inf"
        case ".nan": return ".nan"
        default: break
        }
        guard let float = Double(string).map({ Float($0) }) ?? integer(text).map({ Float($0) }) else { return string }
        guard float.isFinite else { return float < 0 ? "-.inf" : ".inf" }
        return shortest(float)
    }

    private static func shortest(_ float: Float) -> String {
        guard float != 0 else { return float.sign == .minus ? "-0" : "0" }
        let (digits, exponent) = decimalDigits(abs(float))
        let sign = float < 0 ? "-" : ""
        if exponent < -4 || exponent >= 6 {
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let magnitude = String(exponent.magnitude)
            return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(magnitude.count < 2 ? "0" : "")\(magnitude)"
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let padded = digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
        let fraction = padded.dropFirst(exponent + 1)
        return sign + padded.prefix(exponent + 1) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The shortest digits that give this number back, and the power of ten of the first one.
    private static func decimalDigits(_ float: Float) -> (digits: String, exponent: Int) {
        let parts = float.description.lowercased().split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        let digits = whole + (mantissa.count > 1 ? mantissa[1] : "")
        let leading = digits.prefix { $0 == "0" }.count
        var significant = digits.dropFirst(leading)
        while significant.count > 1, significant.last == "0" { significant.removeLast() }
        let exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.count - 1 - leading
        return (String(significant), exponent)
    }
}
