import Controls
import Documents
import NodeEvidence

extension Control {
    /// A weak suite lets whoever records or stands in between read what a client and the API server say, credentials included.
    ///
    /// Setting: `--tls-cipher-suites` of kube-apiserver, what Go offers unless set. Allowed: what the edition of the benchmark accepts, in 1.12
    /// key exchange by ECDHE with GCM or ChaCha20.
    static let apiServerCipherSuites = Control(
        id: "kube-apiserver-tls-cipher-suites",
        title: "Offer strong cipher suites only",
        severity: .medium,
        duty: "A5",
        summary: "Connections to the API server can be made with ciphers that have known weaknesses.",
        remedy: "Set `--tls-cipher-suites` to suites with ECDHE and GCM or ChaCha20.",
        references: [.cis("1.2.29"), Reference("cwe", "CWE-327")],
        passing: [
            .machine("kube-apiserver", "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
            .machine("kube-apiserver", "--tls-min-version=VersionTLS13"),
            .machine("kube-apiserver", "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", version: "1.29.4"),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--tls-cipher-suites", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA # ✗"),
            .machine("kube-apiserver", "--tls-cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256 # ✗", version: "1.29.4"),
            .pod("kube-apiserver", "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireCiphers(server, among: CipherSuites.accepted(byAPIServerRowOf: report.benchmark.id))
        })
}
