import Controls
import NodeEvidence

extension Control {
    /// A file's owner may change its mode and then its content: the controller manager's manifest in other hands is root in other hands.
    ///
    /// File: the manifest in the kubelet's directory of static Pods. Allowed: user and group root.
    static let controllerManagerManifestOwner = Control.fileOwner(
        id: "kube-controller-manager-manifest-owner",
        title: "Give the controller manager's manifest to root",
        of: .controllerManagerManifest,
        severity: .high,
        summary: "Another user than root owns the file from which the kubelet starts the controller manager, and may rewrite it.",
        references: [.cis("1.1.4")],
        example: FileExample("/etc/kubernetes/manifests/kube-controller-manager.yaml", program: "kube-controller-manager"))
}
