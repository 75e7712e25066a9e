internal import Controls
internal import Reports
internal import Responsibility

/// The figures of a moment, bounded in number whatever the cluster holds. Pure.
struct FindingMetrics: Sendable, Equatable {
    /// What stands for all that is too much to be named.
    static let rest = "(other)"

    private(set) var gauges: [String: [BackgroundMetrics.Sample]] = [:]

    init(_ live: LiveFindings, windows: [BypassWindow], settings: BackgroundSettings) {
        gauges["demarc_findings"] = FindingMetrics.findings(live, mostNamespaces: settings.mostMetricNamespaces)
        gauges["demarc_scan_coverage_ratio"] = [.init([:], live.coverage)]
        gauges["demarc_scan_gaps"] = [.init([:], Double(live.allGaps.count))]
        gauges["demarc_grants"] = GrantStanding.State.allCases.map { state in
            .init(["state": state.rawValue], Double(live.grants.count { $0.state == state }))
        }
        // Those that end first are those that somebody waits for.
        let ending = live.grants.filter { $0.state == .active }.compactMap { grant in grant.expires.map { (grant.key, $0) } }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(settings.mostMetricGrants)
        gauges["demarc_grant_expiry_timestamp_seconds"] = ending.map { key, expires in
            let parts = key.split(separator: "/", maxSplits: 1)
            return .init(["namespace": String(parts.first ?? ""), "grant": String(parts.last ?? "")], Double(expires.secondsSinceEpoch))
        }
        gauges["demarc_bypass_windows"] = [.init([:], Double(windows.count))]
        gauges["demarc_bypass_objects"] = [.init([:], Double(Set(windows.flatMap(\.objects).map(\.uid)).count))]
    }

    func publish(to metrics: BackgroundMetrics) {
        for (name, samples) in gauges.sorted(by: { $0.key < $1.key }) { metrics.set(name, samples) }
    }

    private struct Series: Hashable {
        let severity: Severity
        let party: String
        let namespace: String
    }

    /// Fails that nothing covers. The namespaces with the most of them are named.
    private static func findings(_ live: LiveFindings, mostNamespaces: Int) -> [BackgroundMetrics.Sample] {
        var counts: [String: [Series: Int]] = [:]
        for (name, namespace) in live.namespaces {
            for object in namespace.objects {
                for row in object.rows where row.verdict == .fail {
                    counts[name, default: [:]][Series(severity: row.severity, party: row.party, namespace: name), default: 0] += 1
                }
            }
        }
        let named = Set(
            counts.map { (name: $0.key, count: $0.value.values.reduce(0, +)) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
                .prefix(mostNamespaces).map(\.name))
        var series: [Series: Int] = [:]
        for (name, own) in counts {
            for (one, count) in own {
                series[named.contains(name) ? one : Series(severity: one.severity, party: one.party, namespace: rest), default: 0] += count
            }
        }
        return series.map { one, count in
            .init(["severity": one.severity.rawValue, "responsibility": one.party, "namespace": one.namespace], Double(count))
        }
    }
}
