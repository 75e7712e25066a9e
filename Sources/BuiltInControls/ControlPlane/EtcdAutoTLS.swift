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
            .machine("etcd", "--auto-tls=false"),
            .machine("etcd", "--name=cp-1"),
            .machine("etcd", environment: ["ETCD_AUTO_TLS": "false"]),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml",
                files: [
                    "/etc/etcd/etcd.yaml": """
                    client-transport-security:
                      auto-tls: false
                    """
                ]),
        ],
        failing: [
            .machine("etcd", environment: ["ETCD_AUTO_TLS": "true # ✗"]),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml", "--auto-tls=false",
                files: [
                    "/etc/etcd/etcd.yaml # ✗": """
                    client-transport-security:
                      auto-tls: true
                    """
                ]),
            .pod("etcd", "--auto-tls # ✗"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flag: "auto-tls", field: "client-transport-security.auto-tls", standard: false, is: false)
        })
}
