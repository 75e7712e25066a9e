public import Documents
public import Kubernetes
public import KubernetesClient

/// Time as the controller sees it: what the wall says, for grants; what a stopwatch says, for pauses; and waiting. Tests hand in their own.
public struct BackgroundClock: Sendable {
    public var now: @Sendable () -> Timestamp
    /// Only goes forward.
    public var uptime: @Sendable () -> Duration
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        (self.now, self.uptime, self.sleep) = (now, uptime, sleep)
    }
}

/// How the controller behaves.
public struct BackgroundSettings: Sendable {
    /// The cluster is asked anew what it serves: definitions come and go.
    public var rediscovery: Duration = .seconds(600)
    /// What may not be read is tried again.
    public var retryOfLost: Duration = .seconds(300)
    /// A kind that cannot be listed for so long is called a gap, and keeps nobody waiting any more.
    public var patienceOfLists: Duration = .seconds(60)
    /// Kinds that are listed at the same time, each with a page in memory.
    public var listsAtOnce = 4
    /// Objects a page.
    public var pageSize = 500
    /// Requests for reports a second, and how many at once after a silence.
    public var reportsPerSecond: Double = 10
    public var reportBurst: Double = 20
    /// Rows of a report; the rest is counted in its summary.
    public var mostRows = 100
    /// Bytes of a report. The API server refuses 1.5 MiB.
    public var mostReportBytes = 256 << 10
    /// Reports are compared with what the server has: somebody may have changed or deleted them.
    public var reportReview: Duration = .seconds(3_600)
    /// Namespaces that metrics name; the rest is counted under `(other)`.
    public var mostMetricNamespaces = 200
    /// Grants whose end metrics name.
    public var mostMetricGrants = 500
    /// Nothing is written, whatever the cluster serves.
    public var writesReports = true
    var schedule = PassSchedule.Settings()

    public init() {}
}

/// Where the controller's figures go: a registry of Prometheus metrics, or nowhere.
public struct BackgroundMetrics: Sendable {
    /// One series of a gauge.
    public struct Sample: Sendable, Hashable {
        public var labels: [String: String]
        public var value: Double

        public init(_ labels: [String: String] = [:], _ value: Double) { (self.labels, self.value) = (labels, value) }
    }

    /// Replaces all series of a gauge: those that are not among the samples are gone.
    public var set: @Sendable (_ gauge: String, _ samples: [Sample]) -> Void
    public var count: @Sendable (_ counter: String, _ labels: [String: String]) -> Void
    public var observe: @Sendable (_ histogram: String, _ labels: [String: String], _ seconds: Double) -> Void

    public init(
        set: @escaping @Sendable (String, [Sample]) -> Void, count: @escaping @Sendable (String, [String: String]) -> Void,
        observe: @escaping @Sendable (String, [String: String], Double) -> Void
    ) {
        (self.set, self.count, self.observe) = (set, count, observe)
    }

    public static let none = BackgroundMetrics(set: { _, _ in }, count: { _, _ in }, observe: { _, _, _ in })
}

/// A stretch of time in which the webhook did not answer, and what came into the cluster meanwhile.
public struct BypassWindow: Sendable, Hashable {
    /// An object that was admitted unseen.
    public struct Object: Sendable, Hashable {
        public var apiVersion: String
        public var kind: String
        public var namespace: String
        public var name: String
        public var uid: String

        public init(apiVersion: String, kind: String, namespace: String, name: String, uid: String) {
            (self.apiVersion, self.kind, self.namespace, self.name, self.uid) = (apiVersion, kind, namespace, name, uid)
        }
    }

    public var from: Timestamp
    public var to: Timestamp
    /// `the webhook configuration was gone`.
    public var reason: String
    public var objects: [Object]

    public init(from: Timestamp, to: Timestamp, reason: String, objects: [Object]) {
        (self.from, self.to, self.reason, self.objects) = (from, to, reason, objects)
    }
}
