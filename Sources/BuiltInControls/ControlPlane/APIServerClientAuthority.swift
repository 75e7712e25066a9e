import Controls
import Documents
import NodeEvidence

extension Control {
    /// Kubelets and components identify themselves by client certificates; without an authority the API server can take none.
    ///
    /// Setting: `--client-ca-file` of kube-apiserver. Allowed: set.
    static let apiServerClientAuthority = Control(
        id: "kube-apiserver-client-ca-file",
        title: "Accept client certificates of one authority",
        severity: .medium,
        duty: "A5",
        summary: "Kubelets and components cannot identify themselves by certificates.",
        remedy: "Set `--client-ca-file`.",
        references: [.cis("1.2.25"), .nsa("authentication and authorization")],
        passing: [
            .machine("kube-apiserver", "--client-ca-file=/etc/kubernetes/pki/ca.crt"),
            .pod("kube-apiserver", args: ["--client-ca-file", "/etc/kubernetes/pki/ca.crt"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver", "--client-ca-file= # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["client-ca-file"])
        })
}
