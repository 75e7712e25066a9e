/// How the ledger of a server fares.
public struct LedgerMetrics: Sendable {
    let entries: Counter
    let size: Gauge
    let lost: Counter
    let failures: Counter
    let published: Gauge
    let contradicted: Gauge
    let waiting = Cell()

    enum Operation: String, CaseIterable {
        case append, publish, handOver = "hand_over"
    }

    public init(_ registry: MetricRegistry) {
        entries = Counter(
            "demarc_ledger_entries_total", "Entries that this replica has added to the ledger, by kind.",
            labels: [MetricLabel("kind", LedgerRecord.Kind.allCases.map(\.rawValue))])
        size = Gauge("demarc_ledger_size", "Entries of the ledger, as of the last one that this replica added.")
        lost = Counter("demarc_ledger_lost_records_total", "Records that found no place in memory; the ledger says how many.")
        failures = Counter(
            "demarc_ledger_failures_total", "Attempts that failed and are made again, by operation.",
            labels: [MetricLabel("operation", Operation.allCases.map(\.rawValue))])
        published = Gauge("demarc_ledger_published_size", "Entries that the checkpoint commits to which was published last.")
        contradicted = Gauge("demarc_ledger_contradicted", "1 while a place outside shows a checkpoint that the ledger does not extend.")
        for metric in [entries, size, lost, failures, published, contradicted] as [any Metric] { registry.add(metric) }
        registry.add(
            AskedMetric("demarc_ledger_waiting_records", "Records that wait for the ledger.") { [waiting] in [.init(Double(waiting.value))] })
    }

    func failed(_ operation: Operation) { failures.add(1, operation.rawValue) }
}
