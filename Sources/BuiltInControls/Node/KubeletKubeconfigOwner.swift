import Controls
import NodeEvidence

extension Control {
    /// Its owner chooses the API server that the kubelet obeys, and so what runs on the machine.
    ///
    /// File: `--kubeconfig` of the kubelet, else where installers put it. Allowed: user and group root.
    static let kubeletKubeconfigOwner = Control.fileOwner(
        id: "kubelet-kubeconfig-owner",
        title: "Give the kubelet's kubeconfig to root",
        of: .kubeletKubeconfig,
        severity: .high,
        summary: "Another user than root decides which API server the kubelet obeys.",
        references: [.cis("4.1.6"), Reference("gke-1.9.0", "3.1.2")],
        example: FileExample("/etc/kubernetes/kubelet.conf", program: "kubelet --kubeconfig=/etc/kubernetes/kubelet.conf"))
}
