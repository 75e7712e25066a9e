import Controls
import NodeEvidence

extension Control {
    /// A file's owner may change its mode and then its content: etcd's manifest in other hands is root in other hands.
    ///
    /// File: the manifest in the kubelet's directory of static Pods. Allowed: user and group root.
    static let etcdManifestOwner = Control.fileOwner(
        id: "etcd-manifest-owner",
        title: "Give etcd's manifest to root",
        of: .etcdManifest,
        severity: .high,
        summary: "Another user than root owns the file from which the kubelet starts etcd, and may rewrite it.",
        references: [.cis("1.1.8")],
        example: FileExample("/etc/kubernetes/manifests/etcd.yaml", program: "etcd"))
}
