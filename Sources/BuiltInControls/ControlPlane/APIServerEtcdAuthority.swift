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
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command: [kube-apiserver]
                args:
                - --etcd-cafile
                - /etc/kubernetes/pki/etcd/ca.crt
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv: # ✗
              - kube-apiserver
              - --secure-port=6443
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command: # ✗
                - kube-apiserver
                - --secure-port=6443
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command:
                - kube-apiserver
                - --etcd-cafile= # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["etcd-cafile"])
        })
}
