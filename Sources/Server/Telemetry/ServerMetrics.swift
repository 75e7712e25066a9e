internal import Admission
internal import FoundationEssentials

#if canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// What the server counts of its own work.
///
/// Names follow Prometheus' conventions; labels have fixed sets of values, so that nobody outside decides how many time series there are.
public struct ServerMetrics: Sendable {
    public let registry: MetricRegistry
    let requests: Counter
    let duration: Histogram
    let refused: Counter
    let inFlight = Cell()
    let connections = Cell()
    let connectionsClosed: Counter
    let authentications: Counter
    let certificateExpiry: Gauge
    let authorityExpiry: Gauge

    /// Why a review was not judged; each has its status.
    enum Refusal: String, CaseIterable {
        case malformed, method, busy, forbidden
        case mediaType = "media_type"
        case tooLarge = "too_large"
        case timeout
    }

    /// - Parameter resources: the fixed set that rules name: `pods`, `pods/exec`, `deployments` …
    public init(registry: MetricRegistry = MetricRegistry(), version: String, resources: [String]) {
        self.registry = registry
        let stage = MetricLabel("stage", AdmissionAnswer.Stage.allCases.map(\.rawValue))
        requests = Counter(
            "demarc_admission_requests_total", "Admission reviews answered, by what was asked and decided.",
            labels: [
                stage, MetricLabel("operation", ["CREATE", "UPDATE", "DELETE", "CONNECT"]), MetricLabel("resource", resources),
                MetricLabel("decision", AdmissionAnswer.Decision.allCases.map(\.rawValue)), MetricLabel("dry_run", ["true", "false"]),
            ])
        duration = Histogram(
            "demarc_admission_review_duration_seconds", "From the last byte of a review to its decision.", labels: [stage])
        refused = Counter(
            "demarc_admission_refused_requests_total", "Requests for a review that were answered with an error instead, by reason.",
            labels: [stage, MetricLabel("reason", Refusal.allCases.map(\.rawValue))])
        connectionsClosed = Counter(
            "demarc_http_connections_closed_total", "Connections that the server ended, by reason.",
            labels: [MetricLabel("reason", ["handshake", "limit"])])
        authentications = Counter(
            "demarc_authentication_requests_total", "Requests that need a token, by what came of it.",
            labels: [MetricLabel("result", AuthorizationAnswer.results)])
        certificateExpiry = Gauge(
            "demarc_webhook_cert_expiry_timestamp_seconds", "When the serving certificate ends, in seconds since 1970.")
        authorityExpiry = Gauge(
            "demarc_webhook_ca_expiry_timestamp_seconds", "When the authority that signs serving certificates ends, in seconds since 1970.")
        let build = Gauge("demarc_build_info", "Always 1; the label says which version runs.", labels: [MetricLabel("version", [version])])
        build.set(1, version)
        for metric in [requests, duration, refused, connectionsClosed, authentications, certificateExpiry, authorityExpiry, build] as [any Metric] {
            registry.add(metric)
        }
        registry.add(
            AskedMetric("demarc_http_requests_in_flight", "Requests that are being answered.") { [inFlight] in [.init(Double(inFlight.value))] })
        registry.add(AskedMetric("demarc_http_connections", "Open connections.") { [connections] in [.init(Double(connections.value))] })
        addProcess()
    }

    /// What Prometheus' own libraries show of a process, by the same names.
    private func addProcess() {
        let start = Date().timeIntervalSince1970
        registry.add(AskedMetric("process_start_time_seconds", "When the process began, in seconds since 1970.") { [.init(start)] })
        registry.add(
            AskedMetric("process_resident_memory_bytes", "Memory that the process has in use.") {
                ServerMetrics.residentMemory.map { [.init($0)] } ?? []
            })
    }

    /// The second number of `/proc/self/statm`, in pages; proc(5).
    private static var residentMemory: Double? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        return fields.count > 1 ? Double(fields[1]).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) } : nil
    }

    func count(_ answer: AdmissionAnswer, _ stage: AdmissionAnswer.Stage, took time: Duration) {
        requests.add(1, stage.rawValue, answer.operation, answer.resource, answer.decision.rawValue, answer.isDryRun ? "true" : "false")
        duration.observe(time, stage.rawValue)
    }
}
