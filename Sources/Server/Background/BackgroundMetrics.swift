internal import Controls
internal import Synchronization

/// The controller's metrics, in the registry of the server.
struct BackgroundMetrics: Sendable {
    let restarts: Counter
    let written: Counter
    let failed: Counter
    let passes: Histogram
    private let latest = Latest()

    /// Figures as of the last pass.
    private final class Latest: Sendable {
        let figures = Mutex(FindingMetrics())
    }

    /// - Parameter settings: how much may be named.
    init(_ registry: MetricRegistry, kinds: Set<String>, settings: BackgroundSettings) {
        restarts = Counter(
            "demarc_watch_restarts_total", "Watches that had to list anew or could not go on, by kind.", labels: [MetricLabel("kind", kinds.sorted())]
        )
        written = Counter(
            "demarc_reports_written_total", "Reports written and deleted.", labels: [MetricLabel("operation", ["apply", "delete"])])
        failed = Counter("demarc_reports_failed_total", "Requests for reports that failed.")
        passes = Histogram(
            "demarc_background_pass_duration_seconds", "How long judging took: namespaces that changed, or the whole cluster.",
            labels: [MetricLabel("scope", ["namespaces", "cluster"])], bounds: [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60])
        for metric in [restarts, written, failed, passes] as [any Metric] { registry.add(metric) }
        let series = (settings.mostMetricNamespaces + 1) * Severity.allCases.count * 5
        ask(
            registry, "demarc_findings", "Findings that nothing covers, once for each root object.", ["severity", "responsibility", "namespace"],
            series
        ) {
            $0.findings
        }
        ask(registry, "demarc_scan_coverage_ratio", "What could be judged of all that was to be judged.", [], 1) { $0.coverage }
        ask(registry, "demarc_scan_gaps", "Things that could not be read or judged.", [], 1) { $0.gaps }
        ask(registry, "demarc_grants", "Grants by state.", ["state"], 10) { $0.grants }
        ask(
            registry, "demarc_grant_expiry_timestamp_seconds", "When active grants end, the next ones, in seconds since 1970.",
            ["namespace", "grant"],
            settings.mostMetricGrants
        ) { $0.expiries }
        ask(registry, "demarc_grants_break_glass", "Grants in force by break-glass: nobody approved them.", [], 1) { $0.emergencies }
        ask(registry, "demarc_grants_unreviewed", "Uses of break-glass that nobody else has looked at.", [], 1) { $0.unreviewed }
        ask(registry, "demarc_bypassed_objects", "Objects that were admitted while nobody judged them, and still exist.", [], 1) { $0.bypassed }
    }

    private func ask(
        _ registry: MetricRegistry, _ name: String, _ help: String, _ labels: [String], _ limit: Int,
        _ samples: @escaping @Sendable (FindingMetrics) -> [AskedMetric.Sample]
    ) {
        registry.add(AskedMetric(name, help, labels: labels, limit: limit) { [latest] in samples(latest.figures.withLock { $0 }) })
    }

    func publish(_ figures: FindingMetrics) { latest.figures.withLock { $0 = figures } }
}
