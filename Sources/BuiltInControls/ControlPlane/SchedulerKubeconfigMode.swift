import Controls
import NodeEvidence

extension Control {
    /// Its private key gives the scheduler's rights: the scheduler binds Pods to nodes.
    ///
    /// File: `--kubeconfig` or `clientConnection.kubeconfig` of kube-scheduler, else `/etc/kubernetes/scheduler.conf`. Allowed: its owner reads and writes
    /// (editions up to 1.23: all read).
    static let schedulerKubeconfigMode = Control.fileMode(
        id: "kube-scheduler-kubeconfig-mode",
        title: "Restrict the mode of the scheduler's kubeconfig",
        of: .schedulerKubeconfig, at: .ownerOnly,
        severity: .high,
        summary: "Whoever reads the file has the scheduler's rights.",
        references: [.cis("1.1.15")],
        example: FileExample("/etc/kubernetes/scheduler.conf", program: "kube-scheduler --kubeconfig=/etc/kubernetes/scheduler.conf"))
}
