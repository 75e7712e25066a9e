import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without one the API server signs its own, which no client can verify, so clients learn to skip the check.
    ///
    /// Settings: `--tls-cert-file` and `--tls-private-key-file` of kube-apiserver. Allowed: both set.
    static let apiServerServingCertificate = Control(
        id: "kube-apiserver-serving-certificate",
        title: "Give the API server a certificate",
        severity: .high,
        duty: "A5",
        summary: "Clients cannot verify the API server, so whoever stands in between can play it.",
        remedy: "Set `--tls-cert-file` and `--tls-private-key-file`.",
        references: [.cis("1.2.24"), Reference("cwe", "CWE-295")],
        passing: [
            .machine(
                "kube-apiserver", "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt", "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key"),
            .pod(
                "kube-apiserver",
                args: ["--tls-cert-file", "/etc/kubernetes/pki/apiserver.crt", "--tls-private-key-file", "/etc/kubernetes/pki/apiserver.key"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver", "--tls-cert-file= # ✗", "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["tls-cert-file", "tls-private-key-file"])
        })
}
