import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without an authority the API server takes the authorities of its machine: any of them can play etcd and read or forge the whole cluster.
    ///
    /// Setting: `--etcd-cafile` of kube-apiserver. Allowed: set.
    static let apiServerEtcdAuthority = Control(
        id: "kube-apiserver-etcd-cafile",
        title: "Verify the certificate of etcd",
        severity: .high,
        duty: "A5",
        summary: "Whoever stands between the API server and etcd can read and forge the whole cluster.",
        remedy: "Set `--etcd-cafile`.",
        references: [.cis("1.2.26"), Reference("cwe", "CWE-295")],
        passing: [
            .machine("kube-apiserver", "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt"),
            .pod("kube-apiserver", args: ["--etcd-cafile", "/etc/kubernetes/pki/etcd/ca.crt"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver", "--etcd-cafile= # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["etcd-cafile"])
        })
}
