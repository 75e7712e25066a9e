import Controls
import NodeEvidence

extension Control {
    /// Its owner adds an authority of his own and runs commands in every container of the node.
    ///
    /// File: `authentication.x509.clientCAFile` or `--client-ca-file` of the kubelet. Allowed: user and group root.
    static let kubeletClientAuthorityOwner = Control.fileOwner(
        id: "kubelet-client-ca-owner",
        title: "Give the authority for the kubelet's clients to root",
        of: .kubeletClientAuthority,
        severity: .high,
        summary: "Another user than root decides who may command the kubelet.",
        references: [.cis("4.1.8")],
        example: FileExample("/etc/kubernetes/pki/ca.crt", program: "kubelet --client-ca-file=/etc/kubernetes/pki/ca.crt"))
}
