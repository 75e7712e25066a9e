import Controls
import NodeEvidence

extension Control {
    /// With the client key one reads the Secrets of all Pods of the node in the kubelet's name; with the serving key one answers for it.
    ///
    /// Files: `*.pem` and `*.key` below `/var/lib/kubelet/pki`, and `tlsPrivateKeyFile`. Allowed: user and group root, who alone reads and writes.
    static let kubeletKeys = Control.fileProtection(
        id: "kubelet-private-keys",
        title: "Keep the kubelet's private keys to root",
        of: .kubeletKeys, at: .secret,
        severity: .high,
        summary: "Whoever reads such a key acts as the node.",
        example: FileExample("/var/lib/kubelet/pki/kubelet-client-2026-01-01-00-00-00.pem", program: "kubelet"))
}
