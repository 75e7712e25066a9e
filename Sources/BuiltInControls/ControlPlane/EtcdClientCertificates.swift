import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever reaches an etcd that asks for no certificate reads and changes the whole cluster, past every rule of the API server.
    ///
    /// Settings: `--client-cert-auth` of etcd, `ETCD_CLIENT_CERT_AUTH`, or `client-transport-security` in its file, false unless set. Allowed:
    /// true, or `--trusted-ca-file` beside a certificate, with which etcd demands certificates too.
    static let etcdClientCertificates = Control(
        id: "etcd-client-cert-auth",
        title: "Let etcd ask clients for certificates",
        severity: .critical,
        duty: "A5",
        summary: "Whoever reaches etcd reads and changes the whole cluster.",
        remedy: "Set `--client-cert-auth=true` and `--trusted-ca-file`.",
        references: [.cis("2.2"), .nsa("authentication and authorization"), Reference("cwe", "CWE-306")],
        passing: [
            .machine("etcd", "--client-cert-auth=true"),
            .machine("etcd", environment: ["ETCD_CLIENT_CERT_AUTH": "true"]),
            .machine("etcd", "--cert-file=/etc/etcd/server.crt", "--trusted-ca-file=/etc/etcd/ca.crt"),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml",
                files: [
                    "/etc/etcd/etcd.yaml": """
                    client-transport-security:
                      client-cert-auth: true
                    """
                ]),
        ],
        failing: [
            .machine("etcd # ✗", "--name=cp-1"),
            .machine("etcd", environment: ["ETCD_CLIENT_CERT_AUTH": "false # ✗"]),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml", "--client-cert-auth=true",
                files: [
                    "/etc/etcd/etcd.yaml # ✗": """
                    client-transport-security:
                      client-cert-auth: false
                    """
                ]),
            .pod("etcd", "--client-cert-auth=false # ✗"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.requireCertificates(etcd, "")
        })
}
