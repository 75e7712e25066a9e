import Controls
import Documents
import NodeEvidence

extension Control {
    /// TLS 1.0 and 1.1 have known weaknesses (RFC 8996).
    ///
    /// Settings: `--tls-min-version` of the kubelet, or `tlsMinVersion` in its file, `VersionTLS12` unless set. Allowed: `VersionTLS12`,
    /// `VersionTLS13`.
    static let kubeletMinimumTLS = Control(
        id: "kubelet-tls-min-version",
        title: "Speak no TLS before 1.2 to the kubelet",
        severity: .medium,
        duty: "A5",
        summary: "Connections to the kubelet can be made with versions of TLS that have known weaknesses.",
        remedy: "Set `tlsMinVersion: VersionTLS12`.",
        references: [Reference("cwe", "CWE-327")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--tls-min-version=VersionTLS13"),
        ],
        failing: [
            .machine("kubelet", "--tls-min-version=VersionTLS10 # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    tlsMinVersion: VersionTLS11
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.requireModernTLS(kubelet, field: "tlsMinVersion")
        })
}
