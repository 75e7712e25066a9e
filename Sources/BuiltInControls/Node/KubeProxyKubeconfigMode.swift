import Controls
import NodeEvidence

extension Control {
    /// Where kube-proxy runs beside Pods instead of in one, its kubeconfig holds its credentials: they read all Services and endpoints.
    ///
    /// File: `--kubeconfig` or `clientConnection.kubeconfig` of kube-proxy. One that comes from a ConfigMap is no file of the machine.
    /// Allowed: its owner reads and writes (edition 1.23 and managed services: all read).
    static let kubeProxyKubeconfigMode = Control.fileMode(
        id: "kube-proxy-kubeconfig-mode",
        title: "Restrict the mode of kube-proxy's kubeconfig",
        of: .kubeProxyKubeconfig, at: .ownerOnly,
        severity: .medium,
        summary: "Whoever reads the file has kube-proxy's rights; whoever writes it decides whose Services the node serves.",
        references: [.cis("4.1.3"), Reference("gke-1.9.0", "3.1.1")],
        example: FileExample("/var/lib/kube-proxy/kubeconfig", program: "kube-proxy --kubeconfig=/var/lib/kube-proxy/kubeconfig"))
}
