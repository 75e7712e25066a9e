import Controls
import NodeEvidence

extension Control {
    /// A file's owner may change its mode and then its content: the API server's manifest in other hands is root in other hands.
    ///
    /// File: the manifest in the kubelet's directory of static Pods. Allowed: user and group root.
    static let apiServerManifestOwner = Control.fileOwner(
        id: "kube-apiserver-manifest-owner",
        title: "Give the API server's manifest to root",
        of: .apiServerManifest,
        severity: .high,
        summary: "Another user than root owns the file from which the kubelet starts the API server, and may rewrite it.",
        references: [.cis("1.1.2")],
        example: FileExample("/etc/kubernetes/manifests/kube-apiserver.yaml", program: "kube-apiserver"))
}
