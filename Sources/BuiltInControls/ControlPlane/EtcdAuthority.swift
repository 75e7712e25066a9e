import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without an authority etcd takes the authorities of its machine: a certificate of any of them opens the whole cluster.
    ///
    /// Settings: `--trusted-ca-file` of etcd, `ETCD_TRUSTED_CA_FILE`, or `client-transport-security` in its file. Allowed: set.
    static let etcdAuthority = Control(
        id: "etcd-trusted-ca-file",
        title: "Let etcd verify clients by an authority of its own",
        severity: .high,
        duty: "A5",
        summary: "Certificates that strangers signed open etcd.",
        remedy: "Set `--trusted-ca-file` to an authority that signs for etcd only.",
        references: [.cis("2.7"), Reference("cwe", "CWE-295")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --trusted-ca-file=/etc/etcd/ca.crt]}
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
                ETCD_TRUSTED_CA_FILE: /etc/etcd/ca.crt
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
                  trusted-ca-file: /etc/etcd/ca.crt
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
            - {name: etcd, argv: [etcd, --config-file=/etc/etcd/etcd.yaml, --trusted-ca-file=/etc/etcd/ca.crt]}
            files:
            - path: /etc/etcd/etcd.yaml
              content: | # ✗
                client-transport-security:
                  trusted-ca-file: ""
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
            report.require(etcd, flags: ["trusted-ca-file"], fields: ["client-transport-security.trusted-ca-file"])
        })
}
