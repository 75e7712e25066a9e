import Controls
import Documents
import NodeEvidence

extension Control {
    /// etcd demands certificates of its clients as soon as it has an authority to check them with. That this is meant, and stays so when
    /// somebody takes the authority away, only the setting says.
    ///
    /// Settings: `--client-cert-auth` of etcd, `ETCD_CLIENT_CERT_AUTH`, or `client-transport-security` in its file, false unless set; judged
    /// where `--trusted-ca-file` stands beside `--cert-file`, and a certificate is demanded anyway. Allowed: true.
    static let etcdStatedClientCertificates = Control(
        id: "etcd-client-cert-auth-stated",
        title: "Say that clients of etcd need certificates",
        severity: .low,
        duty: "A5",
        summary: "etcd demands certificates only because an authority is set, and stops when it is taken away.",
        remedy: "Set `--client-cert-auth=true`.",
        references: [.cis("2.2"), Reference("cwe", "CWE-306")],
        passing: [
            .machine("etcd", "--cert-file=/etc/etcd/server.crt", "--trusted-ca-file=/etc/etcd/ca.crt", "--client-cert-auth"),
            .machine("etcd", environment: ["ETCD_CLIENT_CERT_AUTH": "true"]),
        ],
        failing: [
            .machine("etcd # ✗", "--cert-file=/etc/etcd/server.crt", "--trusted-ca-file=/etc/etcd/ca.crt"),
            .machine(
                "etcd", "--client-cert-auth=false # ✗", "--cert-file=/etc/etcd/server.crt", "--trusted-ca-file=/etc/etcd/ca.crt"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.requireStatedDemand(etcd, "")
        })
}
