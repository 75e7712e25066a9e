import Controls
import Documents
import NodeEvidence

extension Control {
    /// With `--peer-auto-tls` members sign their own certificates, which the others cannot verify.
    ///
    /// Settings: `--peer-auto-tls` of etcd, `ETCD_PEER_AUTO_TLS`, or `peer-transport-security` in its file, false unless set. Allowed: false.
    static let etcdPeerAutoTLS = Control(
        id: "etcd-peer-auto-tls",
        title: "Give members of etcd certificates that can be verified",
        severity: .high,
        duty: "A5",
        summary: "Members of etcd cannot verify each other.",
        remedy: "Remove `--peer-auto-tls`; set `--peer-cert-file` and `--peer-key-file`.",
        references: [.cis("2.6"), Reference("cwe", "CWE-295")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --peer-auto-tls=false]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --name=cp-1]}
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
                ETCD_PEER_AUTO_TLS: "false"
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
                peer-transport-security:
                  auto-tls: false
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: etcd
              argv:
              - etcd
              environment:
                ETCD_PEER_AUTO_TLS: "true" # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --config-file=/etc/etcd/etcd.yaml, --peer-auto-tls=false]}
            files:
            - path: /etc/etcd/etcd.yaml
              content: | # ✗
                peer-transport-security:
                  auto-tls: true
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: etcd, namespace: kube-system}
            spec:
              containers:
              - name: etcd
                image: registry.example.com/etcd:3.5.15-0
                command:
                - etcd
                - --peer-auto-tls # ✗
            """,
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flag: "peer-auto-tls", field: "peer-transport-security.auto-tls", standard: false, is: false)
        })
}
