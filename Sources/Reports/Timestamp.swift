/// A moment as seconds since 1970, read from RFC 3339 in UTC.
struct Timestamp: Equatable {
    let seconds: Int
    let nanoseconds: Int

    /// - Returns: nil for anything but `2026-08-23T10:11:12Z`, with or without a fraction.
    init?(_ text: String) {
        guard text.hasSuffix("Z") else { return nil }
        let halves = text.dropLast().split(separator: "T")
        guard halves.count == 2 else { return nil }
        let date = halves[0].split(separator: "-").compactMap { Int($0) }
        let clock = halves[1].split(separator: ".", maxSplits: 1)
        let time = clock[0].split(separator: ":").compactMap { Int($0) }
        guard date.count == 3, time.count == 3, (1...12).contains(date[1]), (1...31).contains(date[2]) else { return nil }
        let fraction = clock.count == 2 ? String(clock[1].prefix(9)) : ""
        seconds = Timestamp.days(year: date[0], month: date[1], day: date[2]) * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]
        nanoseconds = Int(fraction + String(repeating: "0", count: 9 - fraction.count)) ?? 0
    }

    /// Days since 1970 in the proleptic Gregorian calendar, with years counted from March so that leap days come last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
