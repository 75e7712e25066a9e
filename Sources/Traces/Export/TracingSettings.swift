internal import FoundationEssentials

/// What the environment says of tracing, by the names that OpenTelemetry gives.
///
/// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
/// https://opentelemetry.io/docs/specs/otel/protocol/exporter/
///
/// A value that is wrong is said and left aside, as the specification asks: a server that guards a cluster does not stay away for its traces.
public struct TracingSettings: Sendable {
    /// Where spans go: the whole address.
    public var url: String
    /// For people: without a path, which is a secret with some services.
    public var address: String
    /// Values are secrets.
    var headers: [(name: String, value: String)] = []
    /// PEM of whoever signs the collector's certificate; nil trusts the authorities of the system.
    var authorities: String?
    /// For one attempt.
    var timeout: Duration = .seconds(10)
    public var limits = BatchLimits()
    public var sampler = Sampler.standard
    /// Who sends the spans.
    var resource: [(key: String, value: String)] = []
    var version: String

    /// What the environment asks for, and what of it is not understood, without any value that may be a secret.
    public struct Reading: Sendable {
        /// nil when nothing is to be traced.
        public var settings: TracingSettings?
        public var remarks: [String] = []
    }

    public static func read(_ environment: [String: String], version: String) -> Reading {
        var variables = OTelVariables(environment)
        guard let settings = TracingSettings(&variables, version: version) else { return Reading(remarks: variables.remarks) }
        return Reading(settings: settings, remarks: variables.remarks)
    }

    private init?(_ variables: inout OTelVariables, version: String) {
        guard variables["OTEL_SDK_DISABLED"]?.lowercased() != "true" else { return nil }
        guard let address = variables.endpoint() else { return nil }
        let exporter = variables["OTEL_TRACES_EXPORTER"] ?? "otlp"
        guard exporter == "otlp" else {
            if exporter != "none" { variables.remark("OTEL_TRACES_EXPORTER: only otlp and none are known; nothing is traced") }
            return nil
        }
        guard variables.isProtocolSpoken() else { return nil }
        (url, self.address, self.version) = (address.url, address.shown, version)
        headers = variables.headers()
        authorities = variables.signal("CERTIFICATE")
        if let compression = variables.signal("COMPRESSION"), compression != "none" {
            variables.remark("OTEL_EXPORTER_OTLP_COMPRESSION: spans are sent as they are")
        }
        if let limit = variables.number(variables.signalName("TIMEOUT"), in: 1...3_600_000) { timeout = .milliseconds(limit) }
        limits = variables.batchLimits()
        sampler = variables.sampler()
        resource = variables.resource(version: version)
    }
}

/// Where OTLP goes.
struct CollectorAddress: Equatable {
    let url: String
    let shown: String

    /// - Parameter path: added to what stands there; nil takes the address as it is.
    init?(_ text: String, adding path: String?) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = url.host(percentEncoded: false), !host.isEmpty, url.user == nil, url.password == nil, url.query == nil, url.fragment == nil
        else { return nil }
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        shown = "\(scheme)://\(bare.contains(":") ? "[\(bare)]" : bare):\(url.port ?? (scheme == "https" ? 443 : 80))"
        var base = url.path(percentEncoded: true)
        if let path {
            while base.hasSuffix("/") { base.removeLast() }
            base += path
        }
        self.url = shown + (base.isEmpty ? "/" : base)
    }
}
