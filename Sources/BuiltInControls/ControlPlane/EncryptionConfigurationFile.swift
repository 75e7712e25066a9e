import Controls
import NodeEvidence

extension Control {
    /// The file holds the keys for everything that etcd stores encrypted. Readable by others, encryption protects from nobody on the machine.
    ///
    /// File: `--encryption-provider-config` of kube-apiserver. Allowed: user and group root, who alone reads and writes.
    static let encryptionConfigurationFile = Control.fileProtection(
        id: "encryption-configuration-file",
        title: "Keep the encryption configuration to root",
        of: .encryptionConfiguration, at: .secret,
        severity: .critical,
        summary: "Whoever reads the keys in it decrypts a copy of etcd's data.",
        example: FileExample(
            "/etc/kubernetes/encryption.yaml", program: "kube-apiserver --encryption-provider-config=/etc/kubernetes/encryption.yaml"))
}
