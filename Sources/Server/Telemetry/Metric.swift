/// Something that is counted or measured, in Prometheus' terms.
public protocol Metric: Sendable {
    /// `demarc_<subject>_<unit>`, counters with `_total`.
    var name: String { get }
    /// One sentence for whoever finds the metric.
    var help: String { get }
    var kind: MetricKind { get }

    func write(to exposition: inout Exposition)
}

/// The word behind `# TYPE`.
public enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}

/// A label and all values it can ever have.
///
/// Names from a cluster would make as many time series as somebody cares to create. So the values are listed beforehand, and
/// whatever is not among them counts as `other`.
public struct MetricLabel: Sendable {
    static let rest = "other"

    public let name: String
    let values: [String]
    private let positions: [String: Int]

    public init(_ name: String, _ values: [String]) {
        self.name = name
        var positions: [String: Int] = [:]
        for value in values where value != MetricLabel.rest { if positions[value] == nil { positions[value] = positions.count } }
        self.values = positions.sorted { $0.value < $1.value }.map(\.key) + [MetricLabel.rest]
        self.positions = positions
    }

    func position(of value: String) -> Int { positions[value] ?? values.count - 1 }
}

/// Where among all combinations of label values one lies.
struct LabelSpace: Sendable {
    let labels: [MetricLabel]
    /// How many combinations there are; without labels it is one.
    let count: Int

    init(_ labels: [MetricLabel]) {
        self.labels = labels
        count = labels.reduce(1) { $0 * $1.values.count }
    }

    /// Values that are missing count as `other`; those too many count for nothing.
    func slot(of values: [String]) -> Int {
        var slot = 0
        for (index, label) in labels.enumerated() {
            slot = slot * label.values.count + (index < values.count ? label.position(of: values[index]) : label.values.count - 1)
        }
        return slot
    }

    /// The other way round, for writing.
    func pairs(of slot: Int) -> [(name: String, value: String)] {
        var rest = slot
        var pairs: [(name: String, value: String)] = []
        for label in labels.reversed() {
            pairs.append((label.name, label.values[rest % label.values.count]))
            rest /= label.values.count
        }
        return pairs.reversed()
    }
}
