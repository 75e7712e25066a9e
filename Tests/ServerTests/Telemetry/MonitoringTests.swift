import Documents
import Foundation
import Logging
import Testing
import Traces

@testable import Server

/// Alerts and dashboard speak of metrics that exist.
@Suite struct MonitoringTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "deploy/monitoring")

    /// What others count: kube-apiserver, of the webhooks that it calls.
    private static let foreign: Set<String> = ["apiserver_admission_webhook_rejection_count", "apiserver_admission_webhook_fail_open_count"]

    private static let own = Set(ServerMetrics(version: "1", resources: ["pods"]).registry.names)

    /// Those of what not every server does: the background, grants, the ledger.
    private static let others = {
        let registry = MetricRegistry()
        _ = BackgroundMetrics(registry, kinds: ["Pod"], settings: BackgroundSettings())
        _ = GrantMetrics(registry)
        _ = LedgerMetrics(registry)
        let traced = TracingSettings.read(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"], version: "1").settings
        TraceExport(traced, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }).register(registry)
        return Set(registry.names)
    }()

    private static func expressions(in file: String) throws -> [String] {
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        if file.hasSuffix(".json") {
            let dashboard = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let panels = try #require(dashboard["panels"] as? [[String: Any]])
            return panels.flatMap { ($0["targets"] as? [[String: Any]] ?? []).compactMap { $0["expr"] as? String } }
        }
        // Each expression stands between its key and the next one of the rule.
        return text.split(separator: "expr:").dropFirst().map { part in String(part[..<(part.firstRange(of: " for:")?.lowerBound ?? part.endIndex)]) }
    }

    private static func metrics(in expression: String) -> Set<String> {
        Set(expression.matches(of: /\b(demarc|process|apiserver)_[a-z0-9_]+/).map { String($0.output.0) })
    }

    @Test(arguments: ["prometheus-rule.yaml", "dashboard.json"])
    func everyMetricIsRegistered(file: String) throws {
        let expressions = try Self.expressions(in: file)
        #expect(expressions.count >= 10)
        for expression in expressions {
            let names = Self.metrics(in: expression)
            #expect(!names.isEmpty, "\(expression)")
            #expect(names.subtracting(Self.own).subtracting(Self.others).subtracting(Self.foreign) == [], "\(expression)")
        }
    }

    /// And nothing is counted that nobody is shown.
    @Test func everyMetricIsShown() throws {
        let text = try ["prometheus-rule.yaml", "dashboard.json"].map { try Self.expressions(in: $0).joined() }.joined()
        #expect(Self.own.subtracting(Self.metrics(in: text)) == [])
    }

    /// A quantile lies between two bounds; an alert's limit must be one of them, or it guesses.
    @Test func alertsStandOnBounds() {
        #expect(Histogram.latencies.contains(1))
        #expect(Histogram.latencies.contains(5))
        #expect(Histogram.latencies == Histogram.latencies.sorted())
    }

    @Test func everyMetricIsDocumented() throws {
        let text = try String(
            contentsOf: Self.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/serving.md"), encoding: .utf8)
        let background = try String(
            contentsOf: Self.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/background.md"), encoding: .utf8)
        for name in Self.others where !name.hasSuffix("_bucket") && !name.hasSuffix("_sum") && !name.hasSuffix("_count") {
            #expect([text, background].contains { $0.contains("`\(name)`") || $0.contains("`\(name){") }, "\(name)")
        }
        for name in Self.own where !name.hasSuffix("_bucket") && !name.hasSuffix("_sum") {
            let name = name.hasSuffix("_seconds_count") ? String(name.dropLast(6)) : name
            #expect(text.contains("`\(name)`") || text.contains("`\(name){"), "\(name)")
        }
    }
}
