import Controls
import NodeEvidence

extension Control {
    /// The owner reads the private key of an administrator of the cluster.
    ///
    /// Files: `/etc/kubernetes/admin.conf` and `super-admin.conf`. Allowed: user and group root.
    static let administratorKubeconfigsOwner = Control.fileOwner(
        id: "admin-kubeconfig-owner",
        title: "Give administrators' kubeconfigs to root",
        of: .administratorKubeconfigs,
        severity: .critical,
        summary: "Another user than root has the credentials of an administrator of the cluster.",
        references: [.cis("1.1.14")],
        example: FileExample("/etc/kubernetes/admin.conf", program: "kube-apiserver"))
}
