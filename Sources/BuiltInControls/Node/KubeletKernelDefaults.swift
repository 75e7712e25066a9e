import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without it the kubelet changes kernel settings where they are not as it likes, past whoever hardened the machine.
    ///
    /// Settings: `--protect-kernel-defaults` of the kubelet, or `protectKernelDefaults` in its file, false unless set. Allowed: true.
    static let kubeletKernelDefaults = Control(
        id: "kubelet-protect-kernel-defaults",
        title: "Let the kubelet keep the kernel settings of its machine",
        severity: .low,
        duty: "A5",
        summary: "The kubelet changes kernel settings that somebody hardened.",
        remedy: "Set `protectKernelDefaults: true` in the configuration file.",
        references: [Reference("cis-1.23", "4.2.6")],
        passing: [
            .machine("kubelet", "--protect-kernel-defaults"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    protectKernelDefaults: true
                    """
                ]),
        ],
        failing: [
            .machine("kubelet # ✗"),
            .machine("kubelet", "--protect-kernel-defaults=false # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    protectKernelDefaults: false
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.require(kubelet, flag: "protect-kernel-defaults", field: "protectKernelDefaults", standard: false, is: true)
        })
}
