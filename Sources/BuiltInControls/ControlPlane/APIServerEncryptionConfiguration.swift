import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without it Secrets lie in etcd, its snapshots and its disk in clear text. What the file says is judged by `encryption-at-rest`.
    ///
    /// Without the file there is no provider either, strong or weak, so the row about providers fails with this one.
    ///
    /// Setting: `--encryption-provider-config` of kube-apiserver. Allowed: set.
    static let apiServerEncryptionConfiguration = Control(
        id: "kube-apiserver-encryption-provider-config",
        title: "Encrypt what the API server stores",
        severity: .high,
        duty: "A5",
        summary: "Secrets lie in etcd and its backups in clear text.",
        remedy: "Set `--encryption-provider-config` to a file that encrypts Secrets with a key service.",
        references: [.cis("1.2.27"), .cis("1.2.28"), .nsa("secrets"), Reference("cwe", "CWE-311")],
        passing: [
            .machine("kube-apiserver", "--encryption-provider-config=/etc/kubernetes/encryption.yaml"),
            .pod("kube-apiserver", args: ["--encryption-provider-config", "/etc/kubernetes/encryption.yaml"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver", "--encryption-provider-config= # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["encryption-provider-config"])
        })
}
