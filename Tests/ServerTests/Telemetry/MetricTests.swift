import Testing

@testable import Server

@Suite struct MetricTests {
    private static func text(_ metrics: any Metric...) -> String {
        let registry = MetricRegistry()
        for metric in metrics { registry.add(metric) }
        return String(decoding: registry.text(), as: UTF8.self)
    }

    @Test func countersAndTheirLabels() {
        let counter = Counter("a_total", "How many \\ of\nthem.", labels: [MetricLabel("kind", ["x", "y"]), MetricLabel("way", ["q\"\\\n"])])
        counter.add(1, "x", "q\"\\\n")
        counter.add(2, "x", "q\"\\\n")
        counter.add(1, "never heard of", "neither")
        counter.add(1, "y")
        #expect(counter.value("x", "q\"\\\n") == 3)
        #expect(
            Self.text(counter) == """
                # HELP a_total How many \\\\ of\\nthem.
                # TYPE a_total counter
                a_total{kind="x",way="q\\"\\\\\\n"} 3
                a_total{kind="y",way="other"} 1
                a_total{kind="other",way="other"} 1

                """)
    }

    /// However many names somebody makes up, there is one time series for all of them.
    @Test func labelsDoNotGrow() {
        let counter = Counter("a_total", "h", labels: [MetricLabel("resource", ["pods"])])
        for number in 0..<10_000 { counter.add(1, "resource-\(number)") }
        #expect(Self.text(counter).split(separator: "\n").count == 3)
        #expect(counter.value("other") == 10_000)
    }

    @Test func gaugesAreShownOnceSet() {
        let gauge = Gauge("b", "h", labels: [MetricLabel("of", ["x", "y"])])
        #expect(Self.text(gauge) == "# HELP b h\n# TYPE b gauge\n")
        gauge.set(0, "x")
        gauge.set(-1.5, "y")
        #expect(gauge.value("x") == 0)
        #expect(gauge.value("z") == nil)
        #expect(Self.text(gauge).hasSuffix("b{of=\"x\"} 0\nb{of=\"y\"} -1.5\n"))
    }

    @Test func histogramsAddUp() {
        let histogram = Histogram("c_seconds", "h", bounds: [0.001, 1, 0.01])
        for duration in [Duration.microseconds(500), .milliseconds(1), .microseconds(1_001), .milliseconds(500), .seconds(60), .seconds(-1)] {
            histogram.observe(duration)
        }
        #expect(histogram.count() == 6)
        #expect(
            Self.text(histogram) == """
                # HELP c_seconds h
                # TYPE c_seconds histogram
                c_seconds_bucket{le="0.001"} 3
                c_seconds_bucket{le="0.01"} 4
                c_seconds_bucket{le="1"} 5
                c_seconds_bucket{le="+Inf"} 6
                c_seconds_sum 60.502501
                c_seconds_count 6

                """)
    }

    @Test(arguments: [(1e15, "1000000000000000"), (0.1, "0.1"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e300, "1e+300")])
    func numbers(number: Double, text: String) { #expect(Exposition.number(number) == text) }

    @Test func askedMetricsHaveALimit() {
        let metric = AskedMetric("d", "h", labels: ["ns"], limit: 2) { (0..<10).map { .init(Double($0), ["n\($0)"]) } }
        #expect(Self.text(metric) == "# HELP d h\n# TYPE d gauge\nd{ns=\"n0\"} 0\nd{ns=\"n1\"} 1\n")
    }

    @Test func aNameIsTakenOnce() {
        let registry = MetricRegistry()
        #expect(registry.add(Counter("a_total", "first")))
        #expect(!registry.add(Gauge("a_total", "second")))
        #expect(registry.add(Histogram("c_seconds", "h")))
        #expect(registry.names == ["a_total", "c_seconds_bucket", "c_seconds_count", "c_seconds_sum"])
        #expect(String(decoding: registry.text(), as: UTF8.self).contains("# HELP a_total first\n# TYPE a_total counter\na_total 0\n"))
    }

    @Test func countingFromManyTasks() async {
        let counter = Counter("a_total", "h", labels: [MetricLabel("kind", ["x"])])
        let histogram = Histogram("c_seconds", "h")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        counter.add(1, "x")
                        histogram.observe(.milliseconds(1))
                    }
                }
            }
        }
        #expect(counter.value("x") == 8_000)
        #expect(histogram.count() == 8_000)
    }
}
