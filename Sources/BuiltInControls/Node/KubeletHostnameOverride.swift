import Controls
import Documents
import NodeEvidence

extension Control {
    /// A name that differs from the machine's own can break the match between node, certificate and log, and with it what the Node authorizer
    /// relies on.
    ///
    /// Setting: `--hostname-override` of the kubelet. Allowed: not set.
    static let kubeletHostnameOverride = Control(
        id: "kubelet-hostname-override",
        title: "Let nodes keep their own names",
        severity: .low,
        duty: "A5",
        summary: "Node, certificate and log entries may not belong together.",
        remedy: "Remove `--hostname-override`; some cloud providers need it.",
        references: [.cis("4.2.7")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"])
        ],
        failing: [
            .machine("kubelet", "--hostname-override=node-7 # ✗"),
            .machine("kubelet", "--hostname-override", "node-7 # ✗"),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.refuse(kubelet, flag: "hostname-override", "gives the machine another name than its own")
        })
}
