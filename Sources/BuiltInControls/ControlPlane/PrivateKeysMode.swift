import Controls
import NodeEvidence

extension Control {
    /// With an authority's key one issues certificates for any user and group; with a server's one reads and answers in its name.
    ///
    /// Files: `*.key` below `/etc/kubernetes/pki`, and what the flags of kube-apiserver, kube-controller-manager and etcd name besides.
    /// Allowed: their owner reads and writes.
    static let privateKeysMode = Control.fileMode(
        id: "cluster-private-key-mode",
        title: "Restrict the modes of the cluster's private keys",
        of: .privateKeys, at: .secret,
        severity: .critical,
        summary: "Whoever reads such a key acts as the API server, etcd, or anybody at all.",
        references: [.cis("1.1.21")],
        example: FileExample("/etc/kubernetes/pki/ca.key", program: "kube-apiserver"))
}
