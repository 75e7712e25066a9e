import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without an authority the API server takes any certificate for that of a kubelet: whoever stands in between reads logs and sits in `kubectl
    /// exec` sessions.
    ///
    /// Setting: `--kubelet-certificate-authority` of kube-apiserver. Allowed: set.
    static let apiServerKubeletAuthority = Control(
        id: "kube-apiserver-kubelet-certificate-authority",
        title: "Verify the certificates of kubelets",
        severity: .high,
        duty: "A5",
        summary: "The API server talks to whoever answers at the address of a node, so `exec` sessions and logs can be intercepted.",
        remedy: "Let kubelets have certificates signed (`serverTLSBootstrap: true`) and set `--kubelet-certificate-authority`.",
        references: [.cis("1.2.5"), Reference("cwe", "CWE-295"), Reference("mitre-attack", "T1557")],
        passing: [
            .machine("kube-apiserver", "--kubelet-certificate-authority=/etc/kubernetes/pki/ca.crt"),
            .pod("kube-apiserver", args: ["--kubelet-certificate-authority", "/etc/kubernetes/pki/ca.crt"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver", "--kubelet-certificate-authority= # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["kubelet-certificate-authority"])
        })
}
