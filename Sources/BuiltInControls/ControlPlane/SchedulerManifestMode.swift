import Controls
import NodeEvidence

extension Control {
    /// Whoever may write the scheduler's manifest has the kubelet run what he writes there, with the host's file system if he likes;
    /// whoever reads it learns every setting.
    ///
    /// File: the manifest in the kubelet's directory of static Pods. Allowed: its owner reads and writes (editions up to 1.23: all read).
    static let schedulerManifestMode = Control.fileMode(
        id: "kube-scheduler-manifest-mode",
        title: "Restrict the mode of the scheduler's manifest",
        of: .schedulerManifest, at: .ownerOnly,
        severity: .high,
        summary: "Others may read or write the file from which the kubelet starts the scheduler: writing it means root on the machine.",
        references: [.cis("1.1.5")],
        example: FileExample("/etc/kubernetes/manifests/kube-scheduler.yaml", program: "kube-scheduler"))
}
