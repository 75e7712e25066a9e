import Controls
import NodeEvidence

extension Control {
    /// A file's owner may change its mode and then its content: the scheduler's manifest in other hands is root in other hands.
    ///
    /// File: the manifest in the kubelet's directory of static Pods. Allowed: user and group root.
    static let schedulerManifestOwner = Control.fileOwner(
        id: "kube-scheduler-manifest-owner",
        title: "Give the scheduler's manifest to root",
        of: .schedulerManifest,
        severity: .high,
        summary: "Another user than root owns the file from which the kubelet starts the scheduler, and may rewrite it.",
        references: [.cis("1.1.6")],
        example: FileExample("/etc/kubernetes/manifests/kube-scheduler.yaml", program: "kube-scheduler"))
}
