internal import Synchronization

/// All metrics of a server.
public final class MetricRegistry: Sendable {
    private let metrics = Mutex<[String: any Metric]>([:])

    public init() {}

    /// - Returns: false, and nothing is added, when there is a metric of that name.
    @discardableResult
    public func add(_ metric: any Metric) -> Bool {
        metrics.withLock { metrics in
            guard metrics[metric.name] == nil else { return false }
            metrics[metric.name] = metric
            return true
        }
    }

    /// The names that rules and dashboards may use: a histogram has three.
    public var names: [String] {
        metrics.withLock { Array($0.values) }
            .flatMap { metric in
                metric.kind == .histogram ? ["_bucket", "_sum", "_count"].map { metric.name + $0 } : [metric.name]
            }
            .sorted()
    }

    /// What stands in all of them now, for Prometheus.
    public func text() -> [UInt8] {
        var exposition = Exposition()
        for metric in metrics.withLock({ $0.values.sorted { $0.name < $1.name } }) {
            exposition.head(metric)
            metric.write(to: &exposition)
        }
        return exposition.bytes
    }
}

/// A metric whose samples are worked out when somebody asks, for what already stands elsewhere.
public struct AskedMetric: Metric {
    /// One value for each label, in their order.
    public struct Sample: Sendable {
        public var values: [String]
        public var number: Double

        public init(_ number: Double, _ values: [String] = []) { (self.number, self.values) = (number, values) }
    }

    public let name: String
    public let help: String
    public let kind: MetricKind
    let labels: [String]
    let limit: Int
    let samples: @Sendable () -> [Sample]

    /// - Parameter limit: how many samples are shown at most; the rest is left out, so that no tenant can fill somebody's Prometheus.
    public init(
        _ name: String, _ help: String, _ kind: MetricKind = .gauge, labels: [String] = [], limit: Int = 2_000,
        samples: @escaping @Sendable () -> [Sample]
    ) {
        (self.name, self.help, self.kind, self.labels, self.limit, self.samples) = (name, help, kind, labels, limit, samples)
    }

    public func write(to exposition: inout Exposition) {
        for sample in samples().prefix(limit) {
            exposition.sample(name, zip(labels, sample.values).map { (name: $0, value: $1) }, sample.number)
        }
    }
}
