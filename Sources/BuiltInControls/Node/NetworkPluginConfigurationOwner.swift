import Controls
import NodeEvidence

extension Control {
    /// The configuration names the programs that the runtime starts as root for each Pod; its owner chooses them.
    ///
    /// Files: below `/etc/cni/net.d`, and the addresses given out below `/var/lib/cni/networks`. Allowed: user and group root.
    static let networkPluginConfigurationOwner = Control.fileOwner(
        id: "network-plugin-configuration-owner",
        title: "Give the network plugins' configuration to root",
        of: .networkPluginConfiguration,
        severity: .medium,
        summary: "Another user than root owns the configuration by which the container runtime starts programs as root.",
        references: [.cis("1.1.10")],
        example: FileExample("/etc/cni/net.d/10-calico.conflist", program: "kubelet"))
}
