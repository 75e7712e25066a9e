/// Booleans, numbers, dates and times of TOML.
enum TOMLScalar {
    /// - Returns: nil for what is none of them.
    static func read(_ text: String) -> TOMLValue.Content? {
        switch text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "inf", "+inf": return .float(.infinity)
        case "-inf": return .float(-.infinity)
        case "nan", "+nan", "-nan": return .float(.nan)
        default: return integer(text) ?? float(text) ?? time(text)
        }
    }

    private static func integer(_ text: String) -> TOMLValue.Content? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            let digits = text.dropFirst(2)
            guard digits.first != "+", digits.first != "-", let plain = withoutUnderscores(digits) else { return nil }
            return Int64(plain, radix: radix).map { .integer($0) }
        }
        let digits = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
        guard let plain = withoutUnderscores(digits), plain.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), plain == "0" || plain.first != "0" else {
            return nil
        }
        return Int64((text.first == "-" ? "-" : "") + plain).map { .integer($0) }
    }

    private static func float(_ text: String) -> TOMLValue.Content? {
        let body = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
        let parts = body.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
            .flatMap { $0.split(separator: "E", maxSplits: 1, omittingEmptySubsequences: false) }
        guard parts.count <= 2, let mantissa = parts.first else { return nil }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, parts.count == 2 || halves.count == 2 else { return nil }
        guard halves.allSatisfy(isNumber), halves[0] == "0" || halves[0].first != "0" else { return nil }
        if parts.count == 2 {
            let exponent = parts[1].first == "+" || parts[1].first == "-" ? parts[1].dropFirst() : parts[1]
            guard isNumber(exponent) else { return nil }
        }
        return Double(text.filter { $0 != "_" }).map { .float($0) }
    }

    /// RFC 3339, whole or in parts; its form is checked and its text kept.
    private static func time(_ text: String) -> TOMLValue.Content? {
        let bytes = Array(text.utf8)
        var shape: [UInt8] = []
        for byte in bytes.prefix(40) { shape.append(byte >= 0x30 && byte <= 0x39 ? UInt8(ascii: "0") : byte) }
        let form = String(decoding: shape, as: UTF8.self)
        guard bytes.count <= 40 else { return nil }
        let date = "0000-00-00", clock = "00:00:00"
        var rest = form[...]
        if rest.hasPrefix(date) {
            rest = rest.dropFirst(date.count)
            if rest.isEmpty { return .time(text) }
            guard let mark = rest.first, "Tt ".contains(mark) else { return nil }
            rest = rest.dropFirst()
        }
        guard rest.hasPrefix(clock) else { return nil }
        rest = rest.dropFirst(clock.count)
        if rest.first == "." {
            let fraction = rest.dropFirst().prefix { $0 == "0" }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
        }
        let zones = ["", "Z", "z", "+00:00", "-00:00"]
        return zones.contains(String(rest)) && (rest.isEmpty || form.hasPrefix(date)) ? .time(text) : nil
    }

    private static func isNumber(_ text: Substring) -> Bool {
        withoutUnderscores(text).map { $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } } ?? false
    }

    /// Underscores stand between digits only.
    private static func withoutUnderscores(_ text: Substring) -> String? {
        let groups = text.split(separator: "_", omittingEmptySubsequences: false)
        return groups.allSatisfy { !$0.isEmpty } ? groups.joined() : nil
    }
}
