import Controls
import NodeEvidence

extension Control {
    /// Its token requests a certificate for a node of any name, and with that the Secrets of the Pods there.
    ///
    /// File: `--bootstrap-kubeconfig` of the kubelet, else where installers put it. Allowed: user and group root, who alone reads and writes.
    static let bootstrapKubeconfig = Control.fileProtection(
        id: "bootstrap-kubeconfig",
        title: "Keep the kubeconfig for joining to root",
        of: .bootstrapKubeconfig, at: .secret,
        severity: .high,
        summary: "Whoever reads the token in it joins a node of his own to the cluster.",
        example: FileExample(
            "/etc/kubernetes/bootstrap-kubelet.conf", program: "kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf"))
}
