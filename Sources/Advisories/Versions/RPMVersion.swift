/// A version as `rpm` reads and orders it: `[epoch:]version[-release]`.
struct RPMVersion {
    let epoch: ArraySlice<UInt8>
    let version: Substring
    let release: Substring

    /// - Returns: nil for an empty version or an epoch that is no number.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        var rest = text[...]
        var epoch: ArraySlice<UInt8> = []
        if let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")) {
            let digits = rest[..<colon]
            // Where no epoch is known, some write `(none)`.
            guard digits == "(none)" || !digits.isEmpty && digits.utf8.allSatisfy(isDigit) else { return nil }
            var bytes = VersionBytes(digits.utf8)
            epoch = bytes.takeNumber()
            rest = rest[rest.utf8.index(after: colon)...]
        }
        if let hyphen = rest.utf8.lastIndex(of: UInt8(ascii: "-")) {
            release = rest[rest.utf8.index(after: hyphen)...]
            rest = rest[..<hyphen]
        } else {
            release = ""
        }
        guard !rest.isEmpty else { return nil }
        self.epoch = epoch
        version = rest
    }

    func order(to other: RPMVersion) -> Order {
        let epochs = orderNumbers(epoch, other.epoch)
        if epochs != .equal { return epochs }
        let versions = RPMVersion.orderParts(version, other.version)
        return versions == .equal ? RPMVersion.orderParts(release, other.release) : versions
    }

    /// Segments of digits or letters, from the left; what stands between them only parts them. `~` comes before the end, `^`
    /// behind it but before anything else, a number is newer than letters, and who has more segments is newer.
    private static func orderParts(_ one: Substring, _ other: Substring) -> Order {
        var (one, other) = (VersionBytes(one.utf8), VersionBytes(other.utf8))
        while true {
            one.skip(while: isSeparator)
            other.skip(while: isSeparator)
            if let order = orderMarks(&one, &other) {
                if order != .equal { return order }
                continue
            }
            if one.isAtEnd || other.isAtEnd { return Order(one.isAtEnd ? 0 : 1, other.isAtEnd ? 0 : 1) }
            let (left, right) = (isDigit(one.current), isDigit(other.current))
            if left != right { return left ? .greater : .less }
            let order = left ? orderNumbers(one.takeNumber(), other.takeNumber()) : orderBytes(one.take(while: isLetter), other.take(while: isLetter))
            if order != .equal { return order }
        }
    }

    /// - Returns: nil when neither stands at a mark.
    private static func orderMarks(_ one: inout VersionBytes, _ other: inout VersionBytes) -> Order? {
        for mark in [UInt8(ascii: "~"), UInt8(ascii: "^")] where one.current == mark || other.current == mark {
            if one.current == other.current {
                one.step()
                other.step()
                return .equal
            }
            let isFirstMarked = one.current == mark
            let isNewer = mark == UInt8(ascii: "^") && (isFirstMarked ? other : one).isAtEnd
            return isFirstMarked == isNewer ? .greater : .less
        }
        return nil
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        !isDigit(byte) && !isLetter(byte) && byte != UInt8(ascii: "~") && byte != UInt8(ascii: "^")
    }
}
