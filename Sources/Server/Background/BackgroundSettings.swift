public import Documents

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
    /// How much of the cluster is kept in memory.
    public var limits = EstateLimits()
    /// A kind that is too much is tried again.
    public var retryOfShed: Duration = .seconds(3_600)
    /// Requests for reports a second, and how many at once after a silence.
    public var reportsPerSecond: Double = 10
    public var reportBurst: Double = 20
    /// Rows of a report; the rest is counted in its summary.
    public var mostRows = 100
    /// Bytes of a report. The API server refuses 1.5 MiB.
    public var mostReportBytes = 256 << 10
    /// Reports are compared with what the server has: somebody may have changed or deleted them.
    public var reportReview: Duration = .seconds(3_600)
    /// Namespaces that metrics name; the rest is counted under `other`.
    public var mostMetricNamespaces = 200
    /// Grants whose end metrics name.
    public var mostMetricGrants = 500
    /// How long nothing is tried after the server refused to serve reports.
    public var retryOfReports: Duration = .seconds(30)
    /// Nothing is written, whatever the cluster serves.
    public var writesReports = true
    var schedule = PassSchedule.Settings()

    public init() {}
}
