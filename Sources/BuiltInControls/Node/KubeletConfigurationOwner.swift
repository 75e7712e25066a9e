import Controls
import NodeEvidence

extension Control {
    /// The configuration says whom the kubelet lets in and where it takes static Pods from; its owner is as good as root.
    ///
    /// Files: `--config` and `--config-dir` of the kubelet, else where installers put them. Allowed: user and group root.
    static let kubeletConfigurationOwner = Control.fileOwner(
        id: "kubelet-configuration-owner",
        title: "Give the kubelet's configuration to root",
        of: .kubeletConfiguration,
        severity: .high,
        summary: "Another user than root decides whom the kubelet lets in.",
        references: [.cis("4.1.10"), Reference("aks-1.8", "3.1.4")],
        example: FileExample("/var/lib/kubelet/config.yaml", program: "kubelet --config=/var/lib/kubelet/config.yaml"))
}
