import Controls
import Documents
import NodeEvidence

extension Control {
    /// A weak suite lets whoever records or stands in between read logs and `exec` sessions.
    ///
    /// Settings: `--tls-cipher-suites` of the kubelet, or `tlsCipherSuites` in its file, what Go offers unless set. Allowed: what the edition of
    /// the benchmark accepts.
    static let kubeletCipherSuites = Control(
        id: "kubelet-tls-cipher-suites",
        title: "Let the kubelet offer strong cipher suites only",
        severity: .medium,
        duty: "A5",
        summary: "Connections to the kubelet can be made with ciphers that have known weaknesses.",
        remedy: "Set `tlsCipherSuites` to suites with ECDHE and GCM or ChaCha20.",
        references: [.cis("4.2.12"), Reference("cwe", "CWE-327")],
        passing: [
            .machine("kubelet", "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    tlsCipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]
                    """
                ]),
            .machine("kubelet", "--tls-cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256", version: "1.29.4"),
        ],
        failing: [
            .machine("kubelet # ✗"),
            .machine("kubelet", "--tls-cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256 # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.requireCiphers(
                kubelet, field: "tlsCipherSuites", versionField: "tlsMinVersion", among: CipherSuites.accepted(byKubeletRowOf: report.benchmark.id))
        })
}
