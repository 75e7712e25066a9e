import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever reaches an etcd that asks for no certificate reads and changes the whole cluster, past every rule of the API server.
    ///
    /// Settings: `--client-cert-auth` of etcd, `ETCD_CLIENT_CERT_AUTH`, or `client-transport-security` in its file, false unless set. Allowed:
    /// true.
    static let etcdClientCertificates = Control(
        id: "etcd-client-cert-auth",
        title: "Let etcd ask clients for certificates",
        severity: .critical,
        duty: "A5",
        summary: "Whoever reaches etcd reads and changes the whole cluster.",
        remedy: "Set `--client-cert-auth=true` and `--trusted-ca-file`.",
        references: [.cis("2.2"), .nsa("authentication and authorization"), Reference("cwe", "CWE-306")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --client-cert-auth=true]}
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
                ETCD_CLIENT_CERT_AUTH: "true"
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
                ETCD_CLIENT_CERT_AUTH: "false" # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --config-file=/etc/etcd/etcd.yaml, --client-cert-auth=true]}
            files:
            - path: /etc/etcd/etcd.yaml
              content: | # ✗
                client-transport-security:
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
                - --client-cert-auth=false # ✗
            """,
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flag: "client-cert-auth", field: "client-transport-security.client-cert-auth", standard: false, is: true)
        })
}
