import Controls
import Documents
import NodeEvidence

extension Control {
    /// With `AlwaysAllow` whoever the kubelet lets in may run commands in every Pod of the machine.
    ///
    /// Settings: `--authorization-mode` of the kubelet, or `authorization.mode` in its file. Unset it is `Webhook` with a file, `AlwaysAllow`
    /// without. Allowed: anything but `AlwaysAllow`.
    static let kubeletAuthorization = Control(
        id: "kubelet-authorization-mode",
        title: "Decide on every request to the kubelet",
        severity: .critical,
        duty: "A5",
        summary: "Whoever the kubelet lets in controls every Pod of the machine.",
        remedy: "Set `authorization.mode: Webhook` in the configuration file.",
        references: [.cis("4.2.2"), .nsa("authentication and authorization"), Reference("cwe", "CWE-862")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--authorization-mode=Webhook"),
        ],
        failing: [
            .machine("kubelet # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    authorization:
                      mode: AlwaysAllow
                    """
                ]),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml", "--authorization-mode", "AlwaysAllow # ✗",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    authorization:
                      mode: Webhook
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            let standard = kubelet.hasConfigurationFile ? "Webhook" : "AlwaysAllow"
            guard let mode = report.setting(kubelet, flag: "authorization-mode", field: "authorization.mode", standard: standard) else { return }
            switch mode.text.isEmpty ? standard : mode.text {
            case "Webhook": return
            case "AlwaysAllow":
                let label = kubelet.label("authorization-mode", "authorization.mode")
                report.fail(mode.place, mode.isSet ? "\(mode.name) is AlwaysAllow" : "\(label) is not set, so it is AlwaysAllow")
            default: report.undecided(mode, "no mode that the kubelet knows")
            }
        })
}
