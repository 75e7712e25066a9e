/// How the versions of one world of packages are ordered. Each world has its own rule, and the same two texts can stand in
/// opposite order under two of them.
public enum VersionOrder: Sendable, Hashable {
    /// `dpkg`, also used by Ubuntu.
    case debian
    /// `rpm`: Red Hat and all that descend from it.
    case rpm
    /// `apk`.
    case alpine
    /// Semantic Versioning 2, with or without a leading `v`.
    case semantic
    /// Releases of Kubernetes, with the suffixes that platforms append.
    case kubernetes

    /// Where the first version stands in relation to the second.
    /// - Returns: nil when one of them is no version in this world.
    public func compare(_ one: String, _ other: String) -> Order? {
        guard let one = parse(one), let other = parse(other) else { return nil }
        return one.order(to: other)
    }

    /// Whether the text is a version in this world.
    public func reads(_ text: String) -> Bool { parse(text) != nil }

    /// The version that is compared many times, taken apart once.
    func parse(_ text: String) -> ParsedVersion? {
        switch self {
        case .debian: DebianVersion(text).map { .debian($0) }
        case .rpm: RPMVersion(text).map { .rpm($0) }
        case .alpine: AlpineVersion(text).map { .alpine($0) }
        case .semantic: SemanticVersion(text).map { .semantic($0) }
        case .kubernetes: SemanticVersion(kubernetes: text).map { .semantic($0) }
        }
    }
}

/// A version that one order has read; two are only compared when the same order read them.
enum ParsedVersion {
    case debian(DebianVersion)
    case rpm(RPMVersion)
    case alpine(AlpineVersion)
    case semantic(SemanticVersion)

    func order(to other: ParsedVersion) -> Order {
        switch (self, other) {
        case (.debian(let one), .debian(let other)): one.order(to: other)
        case (.rpm(let one), .rpm(let other)): one.order(to: other)
        case (.alpine(let one), .alpine(let other)): one.order(to: other)
        case (.semantic(let one), .semantic(let other)): one.order(to: other)
        default: .less
        }
    }
}

/// The outcome of a comparison.
public enum Order: Int, Sendable {
    case less = -1
    case equal = 0
    case greater = 1

    init<T: Comparable>(_ one: T, _ other: T) { self = one < other ? .less : one == other ? .equal : .greater }
}

/// Bytes of a version from a place on. Versions are short and compared often, so nothing is copied.
struct VersionBytes {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: some Collection<UInt8>) { bytes = Array(text) }

    /// The byte here, 0 behind the end.
    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }
    var isAtEnd: Bool { position >= bytes.count }

    mutating func step() { position += 1 }

    mutating func skip(while isWanted: (UInt8) -> Bool) {
        while position < bytes.count, isWanted(bytes[position]) { position += 1 }
    }

    mutating func take(while isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = position
        skip(while: isWanted)
        return bytes[start..<position]
    }

    /// A run of digits, without the zeros before it. Empty for zero and for no digit at all.
    mutating func takeNumber() -> ArraySlice<UInt8> {
        skip { $0 == UInt8(ascii: "0") }
        return take(while: isDigit)
    }
}

/// Compares numbers of any length, given as digits without leading zeros.
func orderNumbers(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Order {
    one.count == other.count ? orderBytes(one, other) : Order(one.count, other.count)
}

func orderBytes(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Order {
    one.lexicographicallyPrecedes(other) ? .less : one.elementsEqual(other) ? .equal : .greater
}

func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
}
