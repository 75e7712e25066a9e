/// A version as `dpkg` reads and orders it: `[epoch:]upstream[-revision]` (deb-version(7)).
struct DebianVersion {
    let epoch: Int
    let upstream: Substring
    let revision: Substring

    /// - Returns: nil for what `dpkg` refuses: an empty part, a bad epoch, white space inside.
    init?(_ text: String) {
        let trimmed = text.trimmed
        guard !trimmed.isEmpty, !trimmed.utf8.contains(where: isSpace) else { return nil }
        var rest = trimmed
        var epoch = 0
        if let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")) {
            let digits = rest[..<colon]
            // An epoch is a C int there.
            guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit), let number = Int32(digits) else { return nil }
            epoch = Int(number)
            rest = rest[rest.utf8.index(after: colon)...]
        }
        var revision: Substring = ""
        if let hyphen = rest.utf8.lastIndex(of: UInt8(ascii: "-")) {
            revision = rest[rest.utf8.index(after: hyphen)...]
            guard !revision.isEmpty else { return nil }
            rest = rest[..<hyphen]
        }
        guard !rest.isEmpty else { return nil }
        self.epoch = epoch
        upstream = rest
        self.revision = revision
    }

    func order(to other: DebianVersion) -> Order {
        if epoch != other.epoch { return Order(epoch, other.epoch) }
        let order = DebianVersion.orderParts(upstream, other.upstream)
        return order == .equal ? DebianVersion.orderParts(revision, other.revision) : order
    }

    /// Turns of text and number, from the left. In text a tilde comes before the end, the end before letters, and letters before
    /// all else; numbers count as such.
    private static func orderParts(_ one: Substring, _ other: Substring) -> Order {
        var (one, other) = (VersionBytes(one.utf8), VersionBytes(other.utf8))
        while !one.isAtEnd || !other.isAtEnd {
            while !one.isAtEnd && !isDigit(one.current) || !other.isAtEnd && !isDigit(other.current) {
                let (left, right) = (rank(one.current), rank(other.current))
                if left != right { return Order(left, right) }
                one.step()
                other.step()
            }
            let order = orderNumbers(one.takeNumber(), other.takeNumber())
            if order != .equal { return order }
        }
        return .equal
    }

    private static func rank(_ byte: UInt8) -> Int {
        if byte == 0 || isDigit(byte) { return 0 }
        if byte == UInt8(ascii: "~") { return -1 }
        return isLetter(byte) ? Int(byte) : Int(byte) + 256
    }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

extension String {
    /// Without white space at its ends.
    fileprivate var trimmed: Substring {
        var rest = self[...]
        while let first = rest.utf8.first, isSpace(first) { rest = rest[rest.utf8.index(after: rest.startIndex)...] }
        while let last = rest.utf8.last, isSpace(last) { rest = rest[..<rest.utf8.index(before: rest.endIndex)] }
        return rest
    }
}
