import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without it callers with a token, such as monitoring, cannot identify themselves, and the ports without credentials are opened for them.
    ///
    /// Settings: `--authentication-token-webhook` of the kubelet, or `authentication.webhook.enabled` in its file. Unset it is true with a file,
    /// false without. Allowed: true.
    static let kubeletTokenAuthentication = Control(
        id: "kubelet-authentication-token-webhook",
        title: "Let the kubelet ask who a token belongs to",
        severity: .low,
        duty: "A5",
        summary: "Callers with a token cannot identify themselves to the kubelet.",
        remedy: "Set `authentication.webhook.enabled: true` in the configuration file.",
        references: [.nsa("authentication and authorization")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--authentication-token-webhook"),
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
                        enabled: false
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            let field = "authentication.webhook.enabled"
            report.require(kubelet, flag: "authentication-token-webhook", field: field, standard: kubelet.hasConfigurationFile, is: true)
        })
}
