import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without one the kubelet signs its own, which the API server cannot verify.
    ///
    /// Settings: `--tls-cert-file` and `--tls-private-key-file` of the kubelet, `tlsCertFile` and `tlsPrivateKeyFile` in its file. Allowed: both
    /// set, or `serverTLSBootstrap: true`, with which it asks the cluster for a certificate.
    static let kubeletServingCertificate = Control(
        id: "kubelet-serving-certificate",
        title: "Give the kubelet a certificate that can be verified",
        severity: .medium,
        duty: "A5",
        summary: "The API server cannot verify the kubelet, so `exec` sessions and logs can be intercepted.",
        remedy: "Set `serverTLSBootstrap: true`, or `tlsCertFile` and `tlsPrivateKeyFile`.",
        references: [.cis("4.2.9"), Reference("cwe", "CWE-295")],
        passing: [
            .machine("kubelet", "--tls-cert-file=/etc/kubelet.crt", "--tls-private-key-file=/etc/kubelet.key"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    serverTLSBootstrap: true
                    """
                ]),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    tlsCertFile: /etc/kubelet.crt
                    tlsPrivateKeyFile: /etc/kubelet.key
                    """
                ]),
        ],
        failing: [
            .machine("kubelet # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    serverTLSBootstrap: false
                    tlsCertFile: /etc/kubelet.crt
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            let flag = "rotate-server-certificates"
            guard let asks = report.setting(kubelet, flag: flag, field: "serverTLSBootstrap", as: .boolean, standard: "false") else { return }
            guard let isAsking = asks.bool else { return report.undecided(asks, "neither true nor false") }
            if !isAsking { report.require(kubelet, flags: ["tls-cert-file", "tls-private-key-file"], fields: ["tlsCertFile", "tlsPrivateKeyFile"]) }
        })
}
