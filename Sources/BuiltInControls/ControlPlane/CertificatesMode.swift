import Controls
import NodeEvidence

extension Control {
    /// A certificate is no secret, but whoever writes an authority's decides who is trusted.
    ///
    /// Files: `*.crt` below `/etc/kubernetes/pki`, and what the flags of kube-apiserver, kube-controller-manager and etcd name besides.
    /// Allowed: others only read (edition 1.10: not even that).
    static let certificatesMode = Control.fileMode(
        id: "cluster-certificate-mode",
        title: "Restrict the modes of the cluster's certificates",
        of: .certificates, at: .certificate,
        severity: .low,
        summary: "Others may write certificates that decide who is trusted.",
        references: [.cis("1.1.20")],
        example: FileExample("/etc/kubernetes/pki/ca.crt", program: "kube-apiserver"))
}
