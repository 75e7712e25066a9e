import Controls
import NodeEvidence

extension Control {
    /// systemd runs as root what these files say; whoever writes them is root, and whoever reads them learns the kubelet's flags.
    ///
    /// Files: `kubelet.service` and `kubelet.service.d/*.conf` where systemd looks for units. Allowed: their owner reads and writes
    /// (edition 1.23: all read).
    static let kubeletServiceMode = Control.fileMode(
        id: "kubelet-service-mode",
        title: "Restrict the mode of the kubelet's service file",
        of: .kubeletService, at: .ownerOnly,
        severity: .medium,
        summary: "Others may read or write the file by which systemd starts the kubelet as root.",
        references: [.cis("4.1.1")],
        example: FileExample("/etc/systemd/system/kubelet.service.d/10-kubeadm.conf", program: "kubelet"))
}
