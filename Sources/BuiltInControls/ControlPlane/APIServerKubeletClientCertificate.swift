import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without a client certificate the API server is an anonymous caller to kubelets, which then have to answer anonymous callers.
    ///
    /// Settings: `--kubelet-client-certificate` and `--kubelet-client-key` of kube-apiserver. Allowed: both set.
    static let apiServerKubeletClientCertificate = Control(
        id: "kube-apiserver-kubelet-client-certificate",
        title: "Let the API server identify itself to kubelets",
        severity: .high,
        duty: "A5",
        summary: "Kubelets cannot tell the API server from a stranger, so they must serve strangers.",
        remedy: "Set `--kubelet-client-certificate` and `--kubelet-client-key`.",
        references: [.cis("1.2.4"), .nsa("authentication and authorization"), Reference("cwe", "CWE-306")],
        passing: [
            .machine(
                "kube-apiserver", "--kubelet-client-certificate=/etc/kubernetes/pki/apiserver-kubelet-client.crt",
                "--kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key"),
            .pod(
                "kube-apiserver",
                args: [
                    "--kubelet-client-certificate", "/etc/kubernetes/pki/apiserver-kubelet-client.crt", "--kubelet-client-key",
                    "/etc/kubernetes/pki/apiserver-kubelet-client.key",
                ]),
        ],
        failing: [
            .machine("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver", "--kubelet-client-certificate= # ✗", "--kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["kubelet-client-certificate", "kubelet-client-key"])
        })
}
