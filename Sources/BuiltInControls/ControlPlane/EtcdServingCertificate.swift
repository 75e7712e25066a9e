import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without a certificate etcd speaks plain HTTP to its clients: whoever listens reads the whole cluster.
    ///
    /// Settings: `--cert-file` and `--key-file` of etcd, `ETCD_CERT_FILE` and `ETCD_KEY_FILE`, or `client-transport-security` in its file.
    /// Allowed: both set.
    static let etcdServingCertificate = Control(
        id: "etcd-cert-file",
        title: "Serve etcd over TLS",
        severity: .critical,
        duty: "A5",
        summary: "Clients of etcd read and write the whole cluster in clear text.",
        remedy: "Set `--cert-file` and `--key-file`.",
        references: [.cis("2.1"), Reference("cwe", "CWE-319")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --cert-file=/etc/etcd/server.crt, --key-file=/etc/etcd/server.key]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: etcd
              argv:
              - etcd
              environment:
                ETCD_CERT_FILE: /etc/etcd/server.crt
                ETCD_KEY_FILE: /etc/etcd/server.key
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --config-file=/etc/etcd/etcd.yaml]}
            files:
            - path: /etc/etcd/etcd.yaml
              content: |
                client-transport-security:
                  cert-file: /etc/etcd/server.crt
                  key-file: /etc/etcd/server.key
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: etcd
              argv: # ✗
              - etcd
              - --name=cp-1
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: etcd
              argv:
              - etcd
              - --config-file=/etc/etcd/etcd.yaml
              - --cert-file=/etc/etcd/server.crt
              - --key-file=/etc/etcd/server.key
            files:
            - path: /etc/etcd/etcd.yaml
              content: | # ✗
                client-transport-security:
                  cert-file: ""
                  key-file: /etc/etcd/server.key
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: etcd, namespace: kube-system}
            spec:
              containers:
              - name: etcd
                image: registry.example.com/etcd:3.5.15-0
                command: # ✗
                - etcd
                - --name=cp-1
            """,
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(
                etcd, flags: ["cert-file", "key-file"],
                fields: ["client-transport-security.cert-file", "client-transport-security.key-file"])
        })
}
