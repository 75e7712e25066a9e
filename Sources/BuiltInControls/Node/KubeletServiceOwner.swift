import Controls
import NodeEvidence

extension Control {
    /// systemd runs as root what these files say; their owner is as good as root.
    ///
    /// Files: `kubelet.service` and `kubelet.service.d/*.conf` where systemd looks for units. Allowed: user and group root.
    static let kubeletServiceOwner = Control.fileOwner(
        id: "kubelet-service-owner",
        title: "Give the kubelet's service file to root",
        of: .kubeletService,
        severity: .high,
        summary: "Another user than root decides what systemd runs as root.",
        references: [.cis("4.1.2")],
        example: FileExample("/etc/systemd/system/kubelet.service.d/10-kubeadm.conf", program: "kubelet"))
}
