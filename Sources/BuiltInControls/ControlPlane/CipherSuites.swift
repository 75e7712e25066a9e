import Controls
import NodeEvidence

/// Which cipher suites a benchmark accepts. Those of TLS 1.3 are always on and cannot be chosen.
enum CipherSuites {
    private static let modern: Set<String> = {
        let strong = ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305", "CHACHA20_POLY1305_SHA256"]
        let exchanges = ["TLS_ECDHE_ECDSA_WITH_", "TLS_ECDHE_RSA_WITH_"]
        return Set(exchanges.flatMap { exchange in strong.map { exchange + $0 } })
            .union(["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])
    }()

    /// Padding oracles have been found in what is built on CBC time and again.
    private static let chained: Set<String> = [
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    ]

    /// Whoever gets the server's key later reads what was recorded before.
    private static let withoutForwardSecrecy: Set<String> = ["TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"]

    private static let old: Set<String> = [
        "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA",
    ]

    /// Older editions accept what the newest no longer does.
    static func accepted(byAPIServerRowOf edition: String) -> Set<String> {
        switch edition {
        case "cis-1.23": modern.union(chained).union(withoutForwardSecrecy).union(old)
        case "cis-1.10", "cis-1.11": modern.union(chained)
        default: modern
        }
    }

    static func accepted(byKubeletRowOf edition: String) -> Set<String> {
        switch edition {
        case "cis-1.23", "cis-1.10", "cis-1.11": modern.union(withoutForwardSecrecy)
        default: modern
        }
    }
}

extension Report {
    /// Only these suites may be offered.
    ///
    /// Unset, a component offers what its version of Go does: suites with CBC to this day, key exchange by RSA before Go 1.22 (Kubernetes
    /// 1.30), 3DES before Go 1.23 (Kubernetes 1.32). No edition of the benchmark leaves that choice to the compiler, so unset fails, except
    /// where nothing older than TLS 1.3 is spoken. Sources: release notes of Go 1.22 and 1.23; `crypto/tls`, `CipherSuites`.
    mutating func requireCiphers(_ settings: ComponentSettings, field: String? = nil, versionField: String? = nil, among accepted: Set<String>) {
        guard let suites = setting(settings, flag: "tls-cipher-suites", field: field, as: .list) else { return }
        let refused = suites.items.filter { !accepted.contains($0) }
        if !refused.isEmpty { return fail(suites.place, "\(suites.name) offers \(refused.joined(separator: ", "))") }
        guard suites.items.isEmpty, let least = setting(settings, flag: "tls-min-version", field: versionField), least.text != "VersionTLS13"
        else { return }
        fail(suites.place, "\(settings.label("tls-cipher-suites", field)) is not set, so suites with CBC are offered")
    }
}
