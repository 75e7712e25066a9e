import Controls
import NodeEvidence

extension Control {
    /// Whoever may write the controller manager's manifest has the kubelet run what he writes there, with the host's file system if he likes;
    /// whoever reads it learns every setting.
    ///
    /// File: the manifest in the kubelet's directory of static Pods. Allowed: its owner reads and writes (editions up to 1.23: all read).
    static let controllerManagerManifestMode = Control.fileMode(
        id: "kube-controller-manager-manifest-mode",
        title: "Restrict the mode of the controller manager's manifest",
        of: .controllerManagerManifest, at: .ownerOnly,
        severity: .high,
        summary: "Others may read or write the file from which the kubelet starts the controller manager: writing it means root on the machine.",
        references: [.cis("1.1.3")],
        example: FileExample("/etc/kubernetes/manifests/kube-controller-manager.yaml", program: "kube-controller-manager"))
}
