/// An instant in whole seconds since 1970-01-01T00:00:00Z. Nothing here asks a clock: whoever judges
/// hands in the instant to judge for, so that the same input gives the same report.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let secondsSinceEpoch: Int64

    public init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    public static func < (one: Self, other: Self) -> Bool { one.secondsSinceEpoch < other.secondsSinceEpoch }

    /// This instant, later (or earlier) by a number of seconds.
    public func advanced(bySeconds seconds: Int64) -> Timestamp {
        Timestamp(secondsSinceEpoch: secondsSinceEpoch &+ seconds)
    }

    /// Seconds from here to another instant, negative when that one is earlier.
    public func seconds(to other: Timestamp) -> Int64 { other.secondsSinceEpoch &- secondsSinceEpoch }

    // MARK: - RFC 3339

    /// Reads RFC 3339 as the API server does: capital `T` and `Z`, an offset or `Z`, no leap second.
    /// A fraction of a second is dropped, so `…:59.9Z` is second 59.
    public init?(_ text: String) {
        guard let seconds = Timestamp.parse(Array(text.utf8)) else { return nil }
        self.init(secondsSinceEpoch: seconds)
    }

    /// A date and time of day in UTC; nil for one that the calendar does not have.
    public init?(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int) {
        let (year, month) = (Int64(year), Int64(month))
        guard (0...9_999).contains(year), (1...12).contains(month), day >= 1, day <= lengthOfMonth(month, year),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        self.init(secondsSinceEpoch: daysFromCivil(year, month, Int64(day)) * 86_400 + Int64(hour * 3_600 + minute * 60 + second))
    }

    private static func parse(_ text: [UInt8]) -> Int64? {
        guard text.count >= 20, text[10] == UInt8(ascii: "T"), text[13] == colon, text[16] == colon,
            let day = days(text[0..<10]), let hour = number(text[11..<13], upTo: 23), let minute = number(text[14..<16], upTo: 59),
            let second = number(text[17..<19], upTo: 59)
        else { return nil }
        var rest = text[19...]
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { isDigit($0) }
            guard !fraction.isEmpty else { return nil }
            rest = rest[fraction.endIndex...]
        }
        guard let offset = offset(rest) else { return nil }
        return day * 86_400 + hour * 3_600 + minute * 60 + second - offset
    }

    /// `Z`, `+08:00`, `-05:30`, in seconds east of UTC.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let sign = text.first else { return nil }
        if sign == UInt8(ascii: "Z") { return text.count == 1 ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), text.count == 6 else { return nil }
        let start = text.startIndex
        guard text[start + 3] == colon, let hours = number(text[start + 1..<start + 3], upTo: 23),
            let minutes = number(text[start + 4..<start + 6], upTo: 59)
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    /// The end of a day in UTC, that is the first second of the next one: what people mean by "until
    /// 2026-12-31".
    public init?(endOfDay text: String) {
        guard let day = Timestamp.days(Array(text.utf8)[...]) else { return nil }
        self.init(secondsSinceEpoch: (day + 1) * 86_400)
    }

    /// `2026-12-31` as days since the epoch; nil for a date the calendar does not have.
    private static func days(_ text: ArraySlice<UInt8>) -> Int64? {
        let start = text.startIndex
        guard text.count == 10, text[start + 4] == dash, text[start + 7] == dash,
            let year = number(text[start..<start + 4], upTo: 9_999), let month = number(text[start + 5..<start + 7], upTo: 12), month >= 1,
            let day = number(text[start + 8..<start + 10], upTo: lengthOfMonth(month, year)), day >= 1
        else { return nil }
        return daysFromCivil(year, month, day)
    }

    /// `2026-12-31T23:59:59Z`, always in UTC. Years outside 0…9999 are beyond RFC 3339 and come out as
    /// the nearest instant inside.
    public var description: String {
        let seconds = min(max(secondsSinceEpoch, Timestamp.earliest), Timestamp.latest)
        let day = floorDivide(seconds, 86_400)
        let inDay = seconds - day * 86_400
        let (year, month, dayOfMonth) = civilFromDays(day)
        return
            "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T\(padded(inDay / 3_600, 2)):\(padded(inDay / 60 % 60, 2)):\(padded(inDay % 60, 2))Z"
    }

    private static let earliest = daysFromCivil(0, 1, 1) * 86_400
    private static let latest = daysFromCivil(10_000, 1, 1) * 86_400 - 1
}

private let colon = UInt8(ascii: ":")
private let dash = UInt8(ascii: "-")

private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

private func number(_ digits: ArraySlice<UInt8>, upTo limit: Int64) -> Int64? {
    var number: Int64 = 0
    for digit in digits {
        guard isDigit(digit) else { return nil }
        number = number * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return number <= limit ? number : nil
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

private func lengthOfMonth(_ month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

private func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar. Years start in March here, so that the leap
/// day is the last of its year; 719,468 days lie between 0000-03-01 and the epoch.
private func daysFromCivil(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func civilFromDays(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
}
