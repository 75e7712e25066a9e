import Controls
import NodeEvidence

extension Control {
    /// Whoever may write etcd's manifest has the kubelet run what he writes there, with the host's file system if he likes;
    /// whoever reads it learns every setting.
    ///
    /// File: the manifest in the kubelet's directory of static Pods. Allowed: its owner reads and writes (editions up to 1.23: all read).
    static let etcdManifestMode = Control.fileMode(
        id: "etcd-manifest-mode",
        title: "Restrict the mode of etcd's manifest",
        of: .etcdManifest, at: .ownerOnly,
        severity: .high,
        summary: "Others may read or write the file from which the kubelet starts etcd: writing it means root on the machine.",
        references: [.cis("1.1.7")],
        example: FileExample("/etc/kubernetes/manifests/etcd.yaml", program: "etcd"))
}
