import Controls
import Documents
import NodeEvidence

extension Control {
    /// etcd holds the whole cluster. It can only refuse strangers when the API server shows a certificate.
    ///
    /// Settings: `--etcd-certfile` and `--etcd-keyfile` of kube-apiserver. Allowed: both set.
    static let apiServerEtcdCertificate = Control(
        id: "kube-apiserver-etcd-certificate",
        title: "Let the API server identify itself to etcd",
        severity: .high,
        duty: "A5",
        summary: "etcd cannot tell the API server from a stranger.",
        remedy: "Set `--etcd-certfile` and `--etcd-keyfile`.",
        references: [.cis("1.2.23"), Reference("cwe", "CWE-306")],
        passing: [
            .machine(
                "kube-apiserver", "--etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt",
                "--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key"),
            .pod(
                "kube-apiserver",
                args: [
                    "--etcd-certfile", "/etc/kubernetes/pki/apiserver-etcd-client.crt", "--etcd-keyfile",
                    "/etc/kubernetes/pki/apiserver-etcd-client.key",
                ]),
        ],
        failing: [
            .machine("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver", "--etcd-certfile= # ✗", "--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["etcd-certfile", "etcd-keyfile"])
        })
}
