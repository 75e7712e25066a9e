import Controls
import Documents
import NodeEvidence

extension Control {
    /// etcd demands certificates of its peers as soon as it has an authority to check them with. That this is meant, and stays so when
    /// somebody takes the authority away, only the setting says.
    ///
    /// Settings: `--peer-client-cert-auth` of etcd, `ETCD_PEER_CLIENT_CERT_AUTH`, or `peer-transport-security` in its file, false unless set; judged
    /// where `--peer-trusted-ca-file` stands beside `--peer-cert-file`, and a certificate is demanded anyway. Allowed: true.
    static let etcdStatedPeerCertificates = Control(
        id: "etcd-peer-client-cert-auth-stated",
        title: "Say that peers of etcd need certificates",
        severity: .low,
        duty: "A5",
        summary: "etcd demands certificates only because an authority is set, and stops when it is taken away.",
        remedy: "Set `--peer-client-cert-auth=true`.",
        references: [.cis("2.5"), Reference("cwe", "CWE-306")],
        passing: [
            .machine("etcd", "--peer-cert-file=/etc/etcd/server.crt", "--peer-trusted-ca-file=/etc/etcd/ca.crt", "--peer-client-cert-auth"),
            .machine("etcd", environment: ["ETCD_PEER_CLIENT_CERT_AUTH": "true"]),
        ],
        failing: [
            .machine("etcd # ✗", "--peer-cert-file=/etc/etcd/server.crt", "--peer-trusted-ca-file=/etc/etcd/ca.crt"),
            .machine(
                "etcd", "--peer-client-cert-auth=false # ✗", "--peer-cert-file=/etc/etcd/server.crt", "--peer-trusted-ca-file=/etc/etcd/ca.crt"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.requireStatedDemand(etcd, "peer-")
        })
}
