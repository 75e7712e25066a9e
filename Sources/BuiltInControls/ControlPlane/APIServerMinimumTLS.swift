import Controls
import Documents
import NodeEvidence

extension Control {
    /// TLS 1.0 and 1.1 have known weaknesses (RFC 8996).
    ///
    /// Setting: `--tls-min-version` of kube-apiserver, `VersionTLS12` unless set. Allowed: `VersionTLS12`, `VersionTLS13`.
    static let apiServerMinimumTLS = Control(
        id: "kube-apiserver-tls-min-version",
        title: "Speak no TLS before 1.2 to the API server",
        severity: .medium,
        duty: "A5",
        summary: "Connections to the API server can be made with versions of TLS that have known weaknesses.",
        remedy: "Set `--tls-min-version=VersionTLS12`.",
        references: [Reference("cwe", "CWE-327")],
        passing: [
            .machine("kube-apiserver", "--tls-min-version=VersionTLS13"),
            .machine("kube-apiserver", "--anonymous-auth=false"),
        ],
        failing: [
            .machine("kube-apiserver", "--tls-min-version=VersionTLS10 # ✗"),
            .pod("kube-apiserver", "--tls-min-version", "VersionTLS11 # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireModernTLS(server)
        })
}
