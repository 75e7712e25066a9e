import Controls
import NodeEvidence

extension Control {
    /// Both hold a private key for an administrator of the cluster; that of `super-admin.conf` no authorizer can refuse.
    ///
    /// Files: `/etc/kubernetes/admin.conf` and `super-admin.conf`. Allowed: their owner reads and writes.
    static let administratorKubeconfigsMode = Control.fileMode(
        id: "admin-kubeconfig-mode",
        title: "Restrict the modes of administrators' kubeconfigs",
        of: .administratorKubeconfigs, at: .secret,
        severity: .critical,
        summary: "Whoever reads the file is an administrator of the cluster.",
        references: [.cis("1.1.13")],
        example: FileExample("/etc/kubernetes/admin.conf", program: "kube-apiserver"))
}
