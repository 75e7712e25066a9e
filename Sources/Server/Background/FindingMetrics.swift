internal import Controls
internal import Documents
internal import Reports
internal import Responsibility

/// The figures of a moment, bounded in number whatever the cluster holds. Pure.
struct FindingMetrics: Sendable {
    /// What stands for all that is too much to be named. No namespace has such a name.
    static let rest = "(other)"

    /// Severity, responsibility, namespace.
    var findings: [AskedMetric.Sample] = []
    var coverage: [AskedMetric.Sample] = []
    var gaps: [AskedMetric.Sample] = []
    /// State.
    var grants: [AskedMetric.Sample] = []
    /// Namespace, grant.
    var expiries: [AskedMetric.Sample] = []
    var bypassed: [AskedMetric.Sample] = []
    /// Grants that are in force though nobody approved them, and emergencies that nobody has looked at.
    var emergencies: [AskedMetric.Sample] = []
    var unreviewed: [AskedMetric.Sample] = []

    init() {}

    init(_ live: LiveFindings, settings: BackgroundSettings) {
        findings = FindingMetrics.findings(live, mostNamespaces: settings.mostMetricNamespaces)
        coverage = [.init(live.coverage)]
        gaps = [.init(Double(live.allGaps.count))]
        grants = GrantStanding.State.allCases.map { state in .init(Double(live.grants.count { $0.state == state }), [state.rawValue]) }
        // Those that end first are those that somebody waits for.
        let ending = live.grants.filter { $0.state == .active }.compactMap { grant in grant.expires.map { (grant.key, $0) } }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(settings.mostMetricGrants)
        expiries = ending.map { key, expires in
            let parts = key.split(separator: "/", maxSplits: 1)
            return .init(Double(expires.secondsSinceEpoch), [String(parts.first ?? ""), String(parts.last ?? "")])
        }
        let unseen = live.namespaces.values.reduce(0) { sum, namespace in
            sum + namespace.objects.count { $0.rows.contains { $0.policy == PolicyReportRow.bypassPolicy } }
        }
        bypassed = [.init(Double(unseen))]
        emergencies = [.init(Double(live.grants.count(where: \.isBypass)))]
        unreviewed = [.init(Double(live.grants.reduce(0) { $0 + $1.unreviewed }))]
    }

    private struct Series: Hashable {
        let tally: Tally
        let namespace: String
    }

    /// Fails that nothing covers. The namespaces with the most of them are named.
    private static func findings(_ live: LiveFindings, mostNamespaces: Int) -> [AskedMetric.Sample] {
        let named = Set(
            live.namespaces.map { (name: $0.key, count: $0.value.tally.values.reduce(0, +)) }.filter { $0.count > 0 }
                .sorted { ($1.count, $0.name) < ($0.count, $1.name) }.prefix(mostNamespaces).map(\.name))
        var series: [Series: Int] = [:]
        for (name, namespace) in live.namespaces {
            for (tally, count) in namespace.tally { series[Series(tally: tally, namespace: named.contains(name) ? name : rest), default: 0] += count }
        }
        return series.map { one, count in .init(Double(count), [one.tally.severity.rawValue, one.tally.party, one.namespace]) }
            .sorted { $0.values.lexicographicallyPrecedes($1.values) }
    }
}
