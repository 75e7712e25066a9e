import Controls
import NodeEvidence

extension Control {
    /// Its private key gives the controller manager's rights: the controller manager reads every Secret and makes tokens of every service account.
    ///
    /// File: `--kubeconfig` of kube-controller-manager, else `/etc/kubernetes/controller-manager.conf`. Allowed: its owner reads and writes
    /// (editions up to 1.23: all read).
    static let controllerManagerKubeconfigMode = Control.fileMode(
        id: "kube-controller-manager-kubeconfig-mode",
        title: "Restrict the mode of the controller manager's kubeconfig",
        of: .controllerManagerKubeconfig, at: .ownerOnly,
        severity: .high,
        summary: "Whoever reads the file has the controller manager's rights.",
        references: [.cis("1.1.17")],
        example: FileExample(
            "/etc/kubernetes/controller-manager.conf", program: "kube-controller-manager --kubeconfig=/etc/kubernetes/controller-manager.conf"))
}
