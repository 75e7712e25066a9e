/// A version of Semantic Versioning 2 (semver.org), read leniently: a leading `v` and missing parts are taken, since advisories
/// write `0` and `1.20`. What builds append behind `+` does not count.
struct SemanticVersion {
    /// Three numbers as digits without leading zeros; they may be longer than any integer.
    private let numbers: [ArraySlice<UInt8>]
    /// Empty for a release.
    private let preRelease: [Substring]

    init?(_ text: String) { self.init(text, countsSuffix: { _ in true }) }

    /// A version of Kubernetes. A platform appends its own suffix to the release it builds on (`1.31.2-gke.1500`,
    /// `v1.30.4-eks-a737599`, `1.28.3-aliyun.1`), which semantic versioning would read as something before the release. Only
    /// `alpha`, `beta` and `rc` are that there.
    init?(kubernetes text: String) {
        self.init(text) { suffix in ["alpha", "beta", "rc"].contains { suffix.hasPrefix($0) } }
    }

    private init?(_ text: String, countsSuffix: (Substring) -> Bool) {
        var rest = text[...]
        if rest.first == "v" || rest.first == "V" { rest = rest.dropFirst() }
        rest = rest.prefix { $0 != "+" }
        var suffix: Substring = ""
        var hasSuffix = false
        if let hyphen = rest.firstIndex(of: "-") {
            suffix = rest[rest.index(after: hyphen)...]
            rest = rest[..<hyphen]
            hasSuffix = true
        }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else { return nil }
        let identifiers = suffix.split(separator: ".", omittingEmptySubsequences: false)
        guard !hasSuffix || identifiers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") } })
        else { return nil }
        var numbers = parts.map { part in
            var bytes = VersionBytes(part.utf8)
            return bytes.takeNumber()
        }
        while numbers.count < 3 { numbers.append([]) }
        self.numbers = numbers
        preRelease = hasSuffix && countsSuffix(suffix) ? identifiers : []
    }

    func order(to other: SemanticVersion) -> Order {
        for (left, right) in zip(numbers, other.numbers) {
            let order = orderNumbers(left, right)
            if order != .equal { return order }
        }
        if preRelease.isEmpty || other.preRelease.isEmpty {
            return Order(preRelease.isEmpty ? 1 : 0, other.preRelease.isEmpty ? 1 : 0)
        }
        for (left, right) in zip(preRelease, other.preRelease) {
            let order = SemanticVersion.orderIdentifiers(left, right)
            if order != .equal { return order }
        }
        return Order(preRelease.count, other.preRelease.count)
    }

    /// Numbers count as such and come before words.
    private static func orderIdentifiers(_ one: Substring, _ other: Substring) -> Order {
        let (left, right) = (one.utf8.allSatisfy(isDigit), other.utf8.allSatisfy(isDigit))
        guard left, right else { return left != right ? (left ? .less : .greater) : orderBytes(ArraySlice(one.utf8), ArraySlice(other.utf8)) }
        var (first, second) = (VersionBytes(one.utf8), VersionBytes(other.utf8))
        return orderNumbers(first.takeNumber(), second.takeNumber())
    }
}
