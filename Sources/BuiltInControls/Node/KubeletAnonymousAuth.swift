import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever reaches the port of such a kubelet is let in without credentials: where `AlwaysAllow` holds, into every Pod of the machine.
    ///
    /// Settings: `--anonymous-auth` of the kubelet, or `authentication.anonymous.enabled` in its file. Unset it is false with a file, true
    /// without. Allowed: false. Source: kubelet `v1beta1` defaults and `applyLegacyDefaults`.
    static let kubeletAnonymousAuth = Control(
        id: "kubelet-anonymous-auth",
        title: "Refuse anonymous requests to the kubelet",
        severity: .critical,
        duty: "A5",
        summary: "Whoever reaches the kubelet may call it without credentials.",
        remedy: "Set `authentication.anonymous.enabled: false` in the configuration file.",
        references: [.cis("4.2.1"), .nsa("authentication and authorization"), Reference("cwe", "CWE-306")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--anonymous-auth=false"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml", "--anonymous-auth=false",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    authentication:
                      anonymous:
                        enabled: true
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
                      anonymous:
                        enabled: true
                    """
                ]),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml", "--anonymous-auth # ✗",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    authentication:
                      anonymous:
                        enabled: false
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.require(
                kubelet, flag: "anonymous-auth", field: "authentication.anonymous.enabled", standard: !kubelet.hasConfigurationFile, is: false)
        })
}
