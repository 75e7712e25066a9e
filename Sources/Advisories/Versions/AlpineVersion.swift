/// A version as `apk` orders it: `1.2.3b_rc1-r4` (apk-package(5)).
struct AlpineVersion {
    private let numbers: [ArraySlice<UInt8>]
    /// 0 where there is none.
    private let letter: UInt8
    private let suffixes: [(rank: Int, number: ArraySlice<UInt8>)]
    private let revision: ArraySlice<UInt8>

    /// Suffixes in their order; 0 stands for the release itself.
    private static let ranks: [String: Int] = ["alpha": -4, "beta": -3, "pre": -2, "rc": -1, "cvs": 1, "svn": 2, "git": 3, "hg": 4, "p": 5]

    init?(_ text: String) {
        var bytes = VersionBytes(text.utf8)
        var numbers: [ArraySlice<UInt8>] = []
        repeat {
            if !numbers.isEmpty { bytes.step() }
            let digits = bytes.take(while: isDigit)
            guard !digits.isEmpty else { return nil }
            numbers.append(digits)
        } while bytes.current == UInt8(ascii: ".")
        self.numbers = numbers
        letter = isLetter(bytes.current) ? bytes.current : 0
        if letter != 0 { bytes.step() }
        var suffixes: [(Int, ArraySlice<UInt8>)] = []
        while bytes.current == UInt8(ascii: "_") {
            bytes.step()
            guard let rank = AlpineVersion.ranks[String(decoding: bytes.take(while: isLetter), as: UTF8.self)] else { return nil }
            suffixes.append((rank, bytes.takeNumber()))
        }
        self.suffixes = suffixes
        if bytes.current == UInt8(ascii: "-") {
            bytes.step()
            guard bytes.current == UInt8(ascii: "r") else { return nil }
            bytes.step()
            revision = bytes.takeNumber()
        } else {
            revision = []
        }
        guard bytes.isAtEnd else { return nil }
    }

    func order(to other: AlpineVersion) -> Order {
        for (index, (left, right)) in zip(numbers, other.numbers).enumerated() {
            let order = index == 0 ? orderNumbers(left.withoutZeros, right.withoutZeros) : AlpineVersion.orderFractions(left, right)
            if order != .equal { return order }
        }
        if numbers.count != other.numbers.count { return Order(numbers.count, other.numbers.count) }
        if letter != other.letter { return Order(letter, other.letter) }
        for index in 0..<max(suffixes.count, other.suffixes.count) {
            let left = index < suffixes.count ? suffixes[index] : (0, [])
            let right = index < other.suffixes.count ? other.suffixes[index] : (0, [])
            let order = left.0 == right.0 ? orderNumbers(left.1, right.1) : Order(left.0, right.0)
            if order != .equal { return order }
        }
        return orderNumbers(revision, other.revision)
    }

    /// Behind the first dot, a number with a leading zero counts like decimals: `1.05` is before `1.1`.
    private static func orderFractions(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Order {
        let isFraction = [one, other].contains { $0.count > 1 && $0.first == UInt8(ascii: "0") }
        return isFraction ? orderBytes(one, other) : orderNumbers(one.withoutZeros, other.withoutZeros)
    }
}

extension ArraySlice<UInt8> {
    fileprivate var withoutZeros: Self { self.drop { $0 == UInt8(ascii: "0") } }
}
