import Controls
import NodeEvidence

extension Control {
    /// Its owner acts in the cloud as the node does, or makes the node act elsewhere.
    ///
    /// File: `--cloud-config` of the kubelet, else `/etc/kubernetes/azure.json`. Allowed: user and group root.
    static let cloudIdentityOwner = Control.fileOwner(
        id: "cloud-identity-owner",
        title: "Give the file with the node's cloud identity to root",
        of: .cloudIdentity,
        severity: .high,
        summary: "Another user than root has the node's rights in the cloud.",
        references: [Reference("aks-1.8", "3.1.4")],
        example: FileExample("/etc/kubernetes/azure.json", program: "kubelet"))
}
