import Controls
import Documents
import NodeEvidence

extension Control {
    /// `AllAlpha` switches on whatever is unfinished, without promise of security fixes.
    ///
    /// Settings: `--feature-gates` of the kubelet, merged over `featureGates` in its file. Allowed: without `AllAlpha: true`.
    static let kubeletFeatureGates = Control(
        id: "kubelet-feature-gates",
        title: "Run no unfinished features in the kubelet",
        severity: .medium,
        duty: "A5",
        summary: "Unfinished features run on the machine.",
        remedy: "Name the single feature gates that are needed.",
        references: [Reference("cwe", "CWE-1188")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--feature-gates=AllAlpha=false"),
        ],
        failing: [
            .machine("kubelet", "--feature-gates=AllAlpha=true # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    featureGates:
                      AllAlpha: true
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.refuseAllAlpha(kubelet)
        })
}
