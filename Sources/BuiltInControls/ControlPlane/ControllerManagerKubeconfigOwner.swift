import Controls
import NodeEvidence

extension Control {
    /// Its owner has the controller manager's rights: the controller manager reads every Secret and makes tokens of every service account.
    ///
    /// File: `--kubeconfig` of kube-controller-manager, else `/etc/kubernetes/controller-manager.conf`. Allowed: user and group root.
    static let controllerManagerKubeconfigOwner = Control.fileOwner(
        id: "kube-controller-manager-kubeconfig-owner",
        title: "Give the controller manager's kubeconfig to root",
        of: .controllerManagerKubeconfig,
        severity: .high,
        summary: "Another user than root has the controller manager's rights.",
        references: [.cis("1.1.18")],
        example: FileExample(
            "/etc/kubernetes/controller-manager.conf", program: "kube-controller-manager --kubeconfig=/etc/kubernetes/controller-manager.conf"))
}
