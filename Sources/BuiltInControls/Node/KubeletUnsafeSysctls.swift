import Controls
import Documents
import NodeEvidence

extension Control {
    /// Unsafe kernel settings reach beyond the Pod: they can take down the machine or give rights on it.
    ///
    /// Settings: `--allowed-unsafe-sysctls` of the kubelet, or `allowedUnsafeSysctls` in its file, none unless set. Allowed: none.
    static let kubeletUnsafeSysctls = Control(
        id: "kubelet-allowed-unsafe-sysctls",
        title: "Allow Pods no unsafe sysctls",
        severity: .medium,
        duty: "A5",
        summary: "Pods can change kernel settings that other Pods share.",
        remedy: "Remove `allowedUnsafeSysctls`, or give such Pods nodes of their own.",
        references: [.nsa("pod security enforcement"), Reference("mitre-attack", "T1611")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    allowedUnsafeSysctls: []
                    """
                ]),
        ],
        failing: [
            .machine("kubelet", "--allowed-unsafe-sysctls=kernel.msg*,net.core.somaxconn # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    allowedUnsafeSysctls: ["kernel.msg*"]
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            guard let sysctls = report.setting(kubelet, flag: "allowed-unsafe-sysctls", field: "allowedUnsafeSysctls", as: .list) else { return }
            if !sysctls.items.isEmpty { report.fail(sysctls.place, "\(sysctls.name) allows \(sysctls.items.joined(separator: ", "))") }
        })
}
