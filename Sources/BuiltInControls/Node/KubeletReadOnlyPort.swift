import Controls
import Documents
import NodeEvidence

extension Control {
    /// The port shows the Pods of the machine with their whole description to everybody who reaches it, without credentials.
    ///
    /// Settings: `--read-only-port` of the kubelet, or `readOnlyPort` in its file. Unset it is 0 with a file, 10255 without. Allowed: 0.
    static let kubeletReadOnlyPort = Control(
        id: "kubelet-read-only-port",
        title: "Close the read-only port of the kubelet",
        severity: .high,
        duty: "A5",
        summary: "Whoever reaches the port reads what runs on the machine, without credentials.",
        remedy: "Set `readOnlyPort: 0` in the configuration file.",
        references: [.cis("4.2.4"), Reference("cwe", "CWE-306"), Reference("mitre-attack", "T1613")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--read-only-port=0"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml", "--read-only-port", "0",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    readOnlyPort: 10255
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
                    readOnlyPort: 10255
                    """
                ]),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml", "--read-only-port=10255 # ✗",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    readOnlyPort: 0
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            let standard = kubelet.hasConfigurationFile ? "0" : "10255"
            guard let port = report.setting(kubelet, flag: "read-only-port", field: "readOnlyPort", as: .number, standard: standard) else { return }
            guard let number = port.int, (0...65_535).contains(number) else { return report.undecided(port, "no port") }
            if number != 0 { report.fail(port.place, port.isSet ? "\(port.name) is \(number)" : "--read-only-port is not set, so it is \(number)") }
        })
}
