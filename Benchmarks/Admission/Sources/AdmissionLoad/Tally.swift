/// What came of all requests: counts, and times in steps of a microsecond.
struct Tally: Sendable {
    /// Longer ones stand at the end.
    static let longest = 200_000

    private(set) var byStatus: [Int: Int] = [:]
    /// Connections that broke, and answers that were none.
    var errors = 0
    private(set) var count = 0
    private var times = [UInt32](repeating: 0, count: Tally.longest + 1)

    mutating func answered(_ status: Int, nanoseconds: UInt64) {
        byStatus[status, default: 0] += 1
        count += 1
        times[min(Int(nanoseconds / 1_000), Tally.longest)] += 1
    }

    mutating func add(_ other: Tally) {
        byStatus.merge(other.byStatus, uniquingKeysWith: +)
        errors += other.errors
        count += other.count
        for (index, times) in other.times.enumerated() where times > 0 { self.times[index] += times }
    }

    /// The time in milliseconds that a share of all requests stayed within.
    func milliseconds(_ share: Double) -> Double {
        let wanted = max(1, Int((Double(count) * share).rounded(.up)))
        var seen = 0
        for (microseconds, times) in times.enumerated() {
            seen += Int(times)
            if seen >= wanted { return Double(microseconds) / 1_000 }
        }
        return Double(Tally.longest) / 1_000
    }
}
