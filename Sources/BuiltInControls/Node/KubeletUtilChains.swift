import Controls
import Documents
import NodeEvidence

extension Control {
    /// Rules that Pods' traffic relies on are not kept where somebody else has to and forgets.
    ///
    /// Settings: `--make-iptables-util-chains` of the kubelet, or `makeIPTablesUtilChains` in its file, true unless set. Allowed: true.
    static let kubeletUtilChains = Control(
        id: "kubelet-make-iptables-util-chains",
        title: "Let the kubelet keep its iptables chains",
        severity: .low,
        duty: "A5",
        summary: "Rules that the traffic of Pods relies on are not kept.",
        remedy: "Set `makeIPTablesUtilChains: true` in the configuration file.",
        references: [.cis("4.2.6")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--make-iptables-util-chains"),
        ],
        failing: [
            .machine("kubelet", "--make-iptables-util-chains=false # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    makeIPTablesUtilChains: false
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.require(kubelet, flag: "make-iptables-util-chains", field: "makeIPTablesUtilChains", standard: true, is: true)
        })
}
