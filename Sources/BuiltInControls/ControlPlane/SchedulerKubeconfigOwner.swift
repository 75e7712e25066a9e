import Controls
import NodeEvidence

extension Control {
    /// Its owner has the scheduler's rights: the scheduler binds Pods to nodes.
    ///
    /// File: `--kubeconfig` or `clientConnection.kubeconfig` of kube-scheduler, else `/etc/kubernetes/scheduler.conf`. Allowed: user and group root.
    static let schedulerKubeconfigOwner = Control.fileOwner(
        id: "kube-scheduler-kubeconfig-owner",
        title: "Give the scheduler's kubeconfig to root",
        of: .schedulerKubeconfig,
        severity: .high,
        summary: "Another user than root has the scheduler's rights.",
        references: [.cis("1.1.16")],
        example: FileExample("/etc/kubernetes/scheduler.conf", program: "kube-scheduler --kubeconfig=/etc/kubernetes/scheduler.conf"))
}
