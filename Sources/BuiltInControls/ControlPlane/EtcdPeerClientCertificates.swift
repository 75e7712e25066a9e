import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever reaches the peer port of an etcd that asks for no certificate can join and gets the whole cluster.
    ///
    /// Settings: `--peer-client-cert-auth` of etcd, `ETCD_PEER_CLIENT_CERT_AUTH`, or `peer-transport-security` in its file, false unless set.
    /// Allowed: true.
    static let etcdPeerClientCertificates = Control(
        id: "etcd-peer-client-cert-auth",
        title: "Let members of etcd ask each other for certificates",
        severity: .critical,
        duty: "A5",
        summary: "Whoever reaches the peer port can join etcd and read the whole cluster.",
        remedy: "Set `--peer-client-cert-auth=true` and `--peer-trusted-ca-file`.",
        references: [.cis("2.5"), Reference("cwe", "CWE-306")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --peer-client-cert-auth=true]}
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
                ETCD_PEER_CLIENT_CERT_AUTH: "true"
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
                  client-cert-auth: true
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
              environment:
                ETCD_PEER_CLIENT_CERT_AUTH: "false" # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --config-file=/etc/etcd/etcd.yaml, --peer-client-cert-auth=true]}
            files:
            - path: /etc/etcd/etcd.yaml
              content: | # ✗
                peer-transport-security:
                  client-cert-auth: false
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
                - --peer-client-cert-auth=false # ✗
            """,
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flag: "peer-client-cert-auth", field: "peer-transport-security.client-cert-auth", standard: false, is: true)
        })
}
