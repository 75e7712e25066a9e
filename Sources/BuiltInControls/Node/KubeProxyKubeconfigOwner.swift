import Controls
import NodeEvidence

extension Control {
    /// Its owner has kube-proxy's rights, and may point it to another API server.
    ///
    /// File: `--kubeconfig` or `clientConnection.kubeconfig` of kube-proxy. One that comes from a ConfigMap is no file of the machine.
    /// Allowed: user and group root.
    static let kubeProxyKubeconfigOwner = Control.fileOwner(
        id: "kube-proxy-kubeconfig-owner",
        title: "Give kube-proxy's kubeconfig to root",
        of: .kubeProxyKubeconfig,
        severity: .medium,
        summary: "Another user than root decides whose Services the node serves.",
        references: [.cis("4.1.4"), Reference("gke-1.9.0", "3.1.2")],
        example: FileExample("/var/lib/kube-proxy/kubeconfig", program: "kube-proxy --kubeconfig=/var/lib/kube-proxy/kubeconfig"))
}
