import Controls
import Documents
import Kubernetes
import Reports
import Responsibility
import Testing

@testable import Server

struct FindingMetricsTests {
    private static func numbers(_ samples: [AskedMetric.Sample]) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: samples.map { ($0.values.joined(separator: " "), $0.number) })
    }

    @Test func namespacesAreBounded() {
        var live = LiveFindings()
        for index in 0..<10_000 {
            var judged = JudgedNamespace()
            judged.tally = [Tally(severity: .high, party: "customer"): index < 3 ? 10 + index : 1]
            (judged.evaluated, judged.notObservable) = (4, index == 0 ? 4 : 0)
            live.replace("ns\(index)", with: judged)
        }
        var settings = BackgroundSettings()
        settings.mostMetricNamespaces = 2
        let metrics = FindingMetrics(live, settings: settings)
        #expect(
            Self.numbers(metrics.findings) == ["high customer ns2": 12, "high customer ns1": 11, "high customer (other)": 10_007])
        #expect(Self.numbers(metrics.coverage) == ["": 0.9999])
    }

    @Test func grantsAreCountedByState() throws {
        var live = LiveFindings()
        let end = try #require(Timestamp("2026-07-01T00:00:00Z"))
        live.grants = [
            .init(key: "shop/b", state: .active, expires: end), .init(key: "shop/a", state: .active, expires: end.advanced(bySeconds: -1)),
            .init(key: "shop/x", state: .expired, expires: end), .init(key: "bank/y", state: .malformed, expires: nil),
        ]
        var settings = BackgroundSettings()
        settings.mostMetricGrants = 1
        let metrics = FindingMetrics(live, settings: settings)
        #expect(
            Self.numbers(metrics.grants) == ["active": 2, "early": 0, "expired": 1, "notInForce": 0, "malformed": 1])
        #expect(Self.numbers(metrics.expiries) == ["shop a": Double(end.secondsSinceEpoch - 1)])
    }

    /// What came in unseen is a row at the root of its chain of controllers, also where nothing else is to be said of it.
    @Test func bypassesAreRowsAndFigures() throws {
        func metadata(_ name: String, _ owner: String = "") -> String {
            #""metadata":{"name":"\#(name)","namespace":"shop","uid":"\#(name)"\#(owner)}"#
        }
        let owner = #","ownerReferences":[{"kind":"ReplicaSet","name":"web","uid":"web","controller":true}]"#
        let table = LiveCluster.table([
            ("ReplicaSet", #"{\#(metadata("web")),"spec":{"template":{"spec":{"containers":[]}}}}"#),
            ("Pod", #"{\#(metadata("web-1", owner)),"spec":{"containers":[]}}"#), ("ConfigMap", "{\(metadata("settings"))}"),
        ])
        let pass = EstatePass(table.objects, rules: try LiveCluster.rules(), now: LiveCluster.now)
        let judged = try #require(pass.namespace("shop") { $0.kind == "ReplicaSet" ? nil : "\($0.kind) came unseen" })
        let rows = judged.objects.flatMap { object in
            object.rows.filter { $0.policy == "admission-bypass" }.map { "\(object.scope.name): \($0.message) (\($0.subject ?? "itself"))" }
        }
        #expect(rows.sorted() == ["settings: ConfigMap came unseen (itself)", "web: Pod came unseen (Pod)"])
        var live = LiveFindings()
        live.replace("shop", with: judged)
        #expect(Self.numbers(FindingMetrics(live, settings: BackgroundSettings()).bypassed) == ["": 2])
    }

    @Test func theRegistryShowsTheLastPass() {
        let registry = MetricRegistry()
        let metrics = BackgroundMetrics(registry, kinds: ["Pod"], settings: BackgroundSettings())
        #expect(!String(decoding: registry.text(), as: UTF8.self).contains("demarc_findings{"))
        var figures = FindingMetrics()
        figures.findings = [.init(3, ["high", "customer", "shop"])]
        metrics.publish(figures)
        metrics.restarts.add(1, "Pod")
        let text = String(decoding: registry.text(), as: UTF8.self)
        #expect(text.contains(#"demarc_findings{severity="high",responsibility="customer",namespace="shop"} 3"#))
        #expect(text.contains(#"demarc_watch_restarts_total{kind="Pod"} 1"#))
    }
}
