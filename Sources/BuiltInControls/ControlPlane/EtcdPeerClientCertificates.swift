import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever reaches the peer port of an etcd that asks for no certificate can join and gets the whole cluster.
    ///
    /// Settings: `--peer-client-cert-auth` of etcd, `ETCD_PEER_CLIENT_CERT_AUTH`, or `peer-transport-security` in its file, false unless set.
    /// Allowed: true, or `--peer-trusted-ca-file` beside a certificate, with which etcd demands certificates too.
    static let etcdPeerClientCertificates = Control(
        id: "etcd-peer-client-cert-auth",
        title: "Let members of etcd ask each other for certificates",
        severity: .critical,
        duty: "A5",
        summary: "Whoever reaches the peer port can join etcd and read the whole cluster.",
        remedy: "Set `--peer-client-cert-auth=true` and `--peer-trusted-ca-file`.",
        references: [.cis("2.5"), Reference("cwe", "CWE-306")],
        passing: [
            .machine("etcd", "--peer-client-cert-auth=true"),
            .machine("etcd", environment: ["ETCD_PEER_CLIENT_CERT_AUTH": "true"]),
            .machine("etcd", "--peer-cert-file=/etc/etcd/server.crt", "--peer-trusted-ca-file=/etc/etcd/ca.crt"),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml",
                files: [
                    "/etc/etcd/etcd.yaml": """
                    peer-transport-security:
                      client-cert-auth: true
                    """
                ]),
        ],
        failing: [
            .machine("etcd # ✗", "--name=cp-1"),
            .machine("etcd", environment: ["ETCD_PEER_CLIENT_CERT_AUTH": "false # ✗"]),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml", "--peer-client-cert-auth=true",
                files: [
                    "/etc/etcd/etcd.yaml # ✗": """
                    peer-transport-security:
                      client-cert-auth: false
                    """
                ]),
            .pod("etcd", "--peer-client-cert-auth=false # ✗"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.requireCertificates(etcd, "peer-")
        })
}
