/// How long something took, in seconds, by fixed bounds.
public final class Histogram: Metric {
    /// From a tenth of a millisecond, in which a review is judged, to the ten seconds that an API server waits by default. An alert needs its own bound
    /// among them: one and five seconds.
    public static let latencies: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    public let name: String
    public let help: String
    public let kind = MetricKind.histogram
    private let space: LabelSpace
    private let bounds: [Double]
    private let nanoseconds: [Int64]
    /// For each combination of labels one cell a bound, one for what lies beyond all, one for the sum in nanoseconds.
    private let cells: [Cell]
    private var width: Int { bounds.count + 2 }

    public init(_ name: String, _ help: String, labels: [MetricLabel] = [], bounds: [Double] = Histogram.latencies) {
        (self.name, self.help, space, self.bounds) = (name, help, LabelSpace(labels), bounds.sorted())
        nanoseconds = self.bounds.map { Int64(($0 * 1e9).rounded()) }
        cells = (0..<(space.count * (bounds.count + 2))).map { _ in Cell() }
    }

    public func observe(_ duration: Duration, _ values: String...) {
        let time = duration.components
        // More than a year is as good as a year; so nothing overflows.
        let elapsed = min(max(time.seconds, 0), 31_622_400) * 1_000_000_000 + time.attoseconds / 1_000_000_000
        let first = space.slot(of: values) * width
        var bound = 0
        while bound < nanoseconds.count, nanoseconds[bound] < elapsed { bound += 1 }
        cells[first + bound].add(1)
        cells[first + width - 1].add(Int(elapsed))
    }

    /// How many were observed.
    public func count(_ values: String...) -> Int {
        let first = space.slot(of: values) * width
        return cells[first..<(first + width - 1)].reduce(0) { $0 + $1.value }
    }

    public func write(to exposition: inout Exposition) {
        for slot in 0..<space.count {
            let first = slot * width
            let counts = cells[first..<(first + width - 1)].map(\.value)
            let total = counts.reduce(0, +)
            guard total > 0 || space.labels.isEmpty else { continue }
            let pairs = space.pairs(of: slot)
            var sum = 0
            for (bound, count) in zip(bounds, counts) {
                sum += count
                exposition.sample(name + "_bucket", pairs + [("le", Exposition.number(bound))], Double(sum))
            }
            exposition.sample(name + "_bucket", pairs + [("le", "+Inf")], Double(total))
            exposition.sample(name + "_sum", pairs, Double(cells[first + width - 1].value) / 1e9)
            exposition.sample(name + "_count", pairs, Double(total))
        }
    }
}
