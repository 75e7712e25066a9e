import Controls
import Documents
import NodeEvidence

extension Control {
    /// With `--auto-tls` etcd signs its own certificate, which no client can verify.
    ///
    /// Settings: `--auto-tls` of etcd, `ETCD_AUTO_TLS`, or `client-transport-security` in its file, false unless set. Allowed: false.
    static let etcdAutoTLS = Control(
        id: "etcd-auto-tls",
        title: "Give etcd a certificate that clients can verify",
        severity: .high,
        duty: "A5",
        summary: "Clients cannot verify etcd, so whoever stands in between can play it.",
        remedy: "Remove `--auto-tls`; set `--cert-file` and `--key-file`.",
        references: [.cis("2.3"), Reference("cwe", "CWE-295")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --auto-tls=false]}
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
                ETCD_AUTO_TLS: "false"
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
                ETCD_AUTO_TLS: "true" # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --config-file=/etc/etcd/etcd.yaml, --auto-tls=false]}
            files:
            - path: /etc/etcd/etcd.yaml
              content: | # ✗
                client-transport-security:
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
                - --auto-tls # ✗
            """,
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flag: "auto-tls", field: "client-transport-security.auto-tls", standard: false, is: false)
        })
}
