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
            .machine("etcd", "--cert-file=/etc/etcd/server.crt", "--key-file=/etc/etcd/server.key"),
            .machine("etcd", environment: ["ETCD_CERT_FILE": "/etc/etcd/server.crt", "ETCD_KEY_FILE": "/etc/etcd/server.key"]),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml",
                files: [
                    "/etc/etcd/etcd.yaml": """
                    client-transport-security:
                      cert-file: /etc/etcd/server.crt
                      key-file: /etc/etcd/server.key
                    """
                ]),
        ],
        failing: [
            .machine("etcd # ✗", "--name=cp-1"),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml", "--cert-file=/etc/etcd/server.crt", "--key-file=/etc/etcd/server.key",
                files: [
                    "/etc/etcd/etcd.yaml # ✗": """
                    client-transport-security:
                      cert-file: ""
                      key-file: /etc/etcd/server.key
                    """
                ]),
            .pod("etcd # ✗", "--name=cp-1"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(
                etcd, flags: ["cert-file", "key-file"],
                fields: ["client-transport-security.cert-file", "client-transport-security.key-file"])
        })
}
