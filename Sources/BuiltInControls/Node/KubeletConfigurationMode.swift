import Controls
import NodeEvidence

extension Control {
    /// The configuration says whom the kubelet lets in and where it takes static Pods from; whoever writes it is root on the machine.
    ///
    /// Files: `--config` and `--config-dir` of the kubelet, else where installers put them. Allowed: their owner reads and writes
    /// (edition 1.23 and managed services: all read).
    static let kubeletConfigurationMode = Control.fileMode(
        id: "kubelet-configuration-mode",
        title: "Restrict the mode of the kubelet's configuration",
        of: .kubeletConfiguration, at: .ownerOnly,
        severity: .medium,
        summary: "Others may read or write the settings of the program that runs everything on the machine.",
        references: [.cis("4.1.9"), Reference("aks-1.8", "3.1.3")],
        example: FileExample("/var/lib/kubelet/config.yaml", program: "kubelet --config=/var/lib/kubelet/config.yaml"))
}
