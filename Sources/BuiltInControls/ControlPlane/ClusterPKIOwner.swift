import Controls
import NodeEvidence

extension Control {
    /// Whoever owns an authority's key issues himself any user; whoever owns a certificate that is trusted puts another in its place.
    ///
    /// Files: `/etc/kubernetes/pki` and all below, and what the flags of kube-apiserver, kube-controller-manager and etcd name besides.
    /// Allowed: user and group root.
    static let clusterPKIOwner = Control.fileOwner(
        id: "cluster-pki-owner",
        title: "Give the cluster's certificates and keys to root",
        of: .clusterPKI,
        severity: .high,
        summary: "Another user than root owns certificates or keys on which trust in the cluster rests.",
        references: [.cis("1.1.19")],
        example: FileExample("/etc/kubernetes/pki/ca.crt", program: "kube-apiserver"))
}
