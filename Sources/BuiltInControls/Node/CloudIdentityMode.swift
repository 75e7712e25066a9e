import Controls
import NodeEvidence

extension Control {
    /// The file may hold a password of the identity by which the node acts in the cloud.
    ///
    /// File: `--cloud-config` of the kubelet, else `/etc/kubernetes/azure.json`. Allowed: its owner reads and writes (managed services: all read).
    static let cloudIdentityMode = Control.fileMode(
        id: "cloud-identity-mode",
        title: "Restrict the mode of the file with the node's cloud identity",
        of: .cloudIdentity, at: .ownerOnly,
        severity: .high,
        summary: "Whoever reads the file may act in the cloud as the node does.",
        references: [Reference("aks-1.8", "3.1.3")],
        example: FileExample("/etc/kubernetes/azure.json", program: "kubelet"))
}
