import Controls
import NodeEvidence

extension Control {
    /// Whoever writes it adds an authority of his own and runs commands in every container of the node.
    ///
    /// File: `authentication.x509.clientCAFile` or `--client-ca-file` of the kubelet. Allowed: others only read (edition 1.10: not even that).
    static let kubeletClientAuthorityMode = Control.fileMode(
        id: "kubelet-client-ca-mode",
        title: "Restrict the mode of the authority for the kubelet's clients",
        of: .kubeletClientAuthority, at: .certificate,
        severity: .low,
        summary: "Others may write the certificate against which the kubelet checks its clients.",
        references: [.cis("4.1.7")],
        example: FileExample("/etc/kubernetes/pki/ca.crt", program: "kubelet --client-ca-file=/etc/kubernetes/pki/ca.crt"))
}
