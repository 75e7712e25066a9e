import Controls
import NodeEvidence

extension Control {
    /// The configuration names the programs that the runtime starts as root for each Pod, and some of it holds credentials of the plugin.
    ///
    /// Files: below `/etc/cni/net.d`, and the addresses given out below `/var/lib/cni/networks`. Allowed: their owner reads and writes.
    static let networkPluginConfigurationMode = Control.fileMode(
        id: "network-plugin-configuration-mode",
        title: "Restrict the modes of the network plugins' configuration",
        of: .networkPluginConfiguration, at: .ownerOnly,
        severity: .medium,
        summary: "Others may read or write what the container runtime starts as root for each Pod's network.",
        references: [.cis("1.1.9")],
        example: FileExample("/etc/cni/net.d/10-calico.conflist", program: "kubelet"))
}
