/// A range of IP addresses in CIDR notation, `10.0.0.0/8` or `fd00::/8`; a bare address is a range of one.
public struct AddressRange: Hashable, Sendable {
    public let isIPv6: Bool
    /// The first address, IPv4 in the lowest 32 bits.
    public let first: UInt128
    public let prefixLength: Int

    /// nil when the text is no address or range.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first, parts.count <= 2 else { return nil }
        isIPv6 = address.contains(":")
        let bits = isIPv6 ? 128 : 32
        guard let value = isIPv6 ? AddressRange.parseIPv6(address) : AddressRange.parseIPv4(address) else { return nil }
        guard let length = parts.count == 2 ? AddressRange.number(parts[1]) : bits, (0...bits).contains(length) else { return nil }
        prefixLength = length
        first = length == 0 ? 0 : (value >> UInt128(bits - length)) << UInt128(bits - length)
    }

    public var last: UInt128 {
        let free = (isIPv6 ? 128 : 32) - prefixLength
        return free == 128 ? .max : first | ((UInt128(1) << UInt128(free)) - 1)
    }

    /// Whether this is every address of its family.
    public var isEverything: Bool { prefixLength == 0 }

    /// Whether this is more of the Internet than anyone owns: wider than IPv4's /8, or IPv6's /16 outside the private block.
    /// Two halves of everything are as open as everything.
    public var isInternetWide: Bool {
        guard isIPv6 else { return prefixLength < 8 }
        return prefixLength < 16 && !(prefixLength >= 7 && first >> 121 == 0x7e)
    }

    public func contains(_ other: AddressRange) -> Bool {
        guard isIPv6 == other.isIPv6, prefixLength <= other.prefixLength else { return false }
        if prefixLength == 0 { return true }
        let shift = UInt128((isIPv6 ? 128 : 32) - prefixLength)
        return first >> shift == other.first >> shift
    }

    /// Digits and nothing else: `Int` takes a sign too.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }

    private static func parseIPv4(_ text: Substring) -> UInt128? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt128 = 0
        for part in parts {
            guard !part.isEmpty, part.utf8.allSatisfy({ (48...57).contains($0) }), let byte = UInt8(part) else { return nil }
            value = value << 8 | UInt128(byte)
        }
        return value
    }

    private static func parseIPv6(_ text: Substring) -> UInt128? {
        guard let gap = text.firstRange(of: "::") else { return parseGroups(text, expecting: 8) }
        let before = text[..<gap.lowerBound]
        let after = text[gap.upperBound...]
        guard let head = parseGroups(before, expecting: nil), let tail = parseGroups(after, expecting: nil) else { return nil }
        let count = groupCount(before)
        guard count + groupCount(after) < 8 else { return nil }
        return (count == 0 ? 0 : head << UInt128(16 * (8 - count))) | tail
    }

    private static func groupCount(_ text: Substring) -> Int {
        text.isEmpty ? 0 : text.split(separator: ":").count
    }

    private static func parseGroups(_ text: Substring, expecting count: Int?) -> UInt128? {
        if text.isEmpty { return count == nil ? 0 : nil }
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count == count ?? groups.count, groups.count <= 8 else { return nil }
        var value: UInt128 = 0
        for group in groups {
            guard group.count <= 4, let number = UInt16(group, radix: 16) else { return nil }
            value = value << 16 | UInt128(number)
        }
        return value
    }
}
