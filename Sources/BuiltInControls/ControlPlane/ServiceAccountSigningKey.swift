import Controls
import NodeEvidence

extension Control {
    /// With this key one writes tokens for every service account, those of controllers included, and no log shows it.
    ///
    /// File: `--service-account-signing-key-file` of kube-apiserver and `--service-account-private-key-file` of kube-controller-manager, else
    /// `/etc/kubernetes/pki/sa.key`. Allowed: user and group root, who alone reads and writes.
    static let serviceAccountSigningKey = Control.fileProtection(
        id: "service-account-signing-key",
        title: "Keep the key that signs service account tokens to root",
        of: .serviceAccountSigningKey, at: .secret,
        severity: .critical,
        summary: "Whoever reads the key makes tokens of every service account.",
        references: [.cis("1.1.21")],
        example: FileExample("/etc/kubernetes/pki/sa.key", program: "kube-apiserver --service-account-signing-key-file=/etc/kubernetes/pki/sa.key"))
}
