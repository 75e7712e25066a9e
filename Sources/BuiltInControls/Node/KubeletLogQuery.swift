import Controls
import Documents
import NodeEvidence

extension Control {
    /// With it whoever may reach `nodes/proxy` or `nodes/log` reads the logs of all services of the machine.
    ///
    /// Setting: `enableSystemLogQuery` in the kubelet's file, false unless set. Allowed: false. Source: kubernetes.io, "System Logs".
    static let kubeletLogQuery = Control(
        id: "kubelet-system-log-query",
        title: "Do not hand out logs of the machine",
        severity: .low,
        duty: "A5",
        summary: "Rights on nodes in the API give the logs of all services of the machine.",
        remedy: "Remove `enableSystemLogQuery: true`.",
        references: [Reference("cwe", "CWE-532")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"])
        ],
        failing: [
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    enableSystemLogQuery: true
                    """
                ])
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.require(kubelet, flag: nil, field: "enableSystemLogQuery", standard: false, is: false)
        })
}
