import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without an authority the kubelet can verify no certificate, so the API server is a stranger to it.
    ///
    /// Settings: `--client-ca-file` of the kubelet, or `authentication.x509.clientCAFile` in its file. Allowed: set.
    static let kubeletClientAuthority = Control(
        id: "kubelet-client-ca-file",
        title: "Let the kubelet verify client certificates",
        severity: .high,
        duty: "A5",
        summary: "The kubelet cannot tell the API server from a stranger.",
        remedy: "Set `authentication.x509.clientCAFile` in the configuration file.",
        references: [.cis("4.2.3"), Reference("cwe", "CWE-295")],
        passing: [
            .machine("kubelet", "--client-ca-file=/etc/kubernetes/pki/ca.crt"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    authentication:
                      x509:
                        clientCAFile: /etc/kubernetes/pki/ca.crt
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
                    authentication:
                      webhook:
                        enabled: true
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.require(kubelet, flags: ["client-ca-file"], fields: ["authentication.x509.clientCAFile"])
        })
}
