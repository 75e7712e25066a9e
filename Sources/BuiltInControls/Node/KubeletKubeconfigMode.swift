import Controls
import NodeEvidence

extension Control {
    /// It holds or names the kubelet's credentials, which read the Secrets of all Pods of the node, and says which API server to obey.
    ///
    /// File: `--kubeconfig` of the kubelet, else where installers put it. Allowed: its owner reads and writes (edition 1.23 and
    /// managed services: all read).
    static let kubeletKubeconfigMode = Control.fileMode(
        id: "kubelet-kubeconfig-mode",
        title: "Restrict the mode of the kubelet's kubeconfig",
        of: .kubeletKubeconfig, at: .ownerOnly,
        severity: .high,
        summary: "Others may read the kubelet's credentials or choose the API server that it obeys.",
        references: [.cis("4.1.5"), Reference("gke-1.9.0", "3.1.1")],
        example: FileExample("/etc/kubernetes/kubelet.conf", program: "kubelet --kubeconfig=/etc/kubernetes/kubelet.conf"))
}
