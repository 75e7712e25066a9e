import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without a certificate members of etcd hand each other the whole cluster in plain HTTP.
    ///
    /// Settings: `--peer-cert-file` and `--peer-key-file` of etcd, their variables, or `peer-transport-security` in its file. Allowed: both set.
    static let etcdPeerCertificate = Control(
        id: "etcd-peer-cert-file",
        title: "Let members of etcd speak TLS with each other",
        severity: .high,
        duty: "A5",
        summary: "Members of etcd pass the whole cluster to each other in clear text.",
        remedy: "Set `--peer-cert-file` and `--peer-key-file`.",
        references: [.cis("2.4"), Reference("cwe", "CWE-319")],
        passing: [
            .machine("etcd", "--peer-cert-file=/etc/etcd/peer.crt", "--peer-key-file=/etc/etcd/peer.key"),
            .machine("etcd", environment: ["ETCD_PEER_CERT_FILE": "/etc/etcd/peer.crt", "ETCD_PEER_KEY_FILE": "/etc/etcd/peer.key"]),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml",
                files: [
                    "/etc/etcd/etcd.yaml": """
                    peer-transport-security:
                      cert-file: /etc/etcd/peer.crt
                      key-file: /etc/etcd/peer.key
                    """
                ]),
        ],
        failing: [
            .machine("etcd # ✗", "--name=cp-1"),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml", "--peer-cert-file=/etc/etcd/peer.crt", "--peer-key-file=/etc/etcd/peer.key",
                files: [
                    "/etc/etcd/etcd.yaml # ✗": """
                    peer-transport-security:
                      cert-file: ""
                      key-file: /etc/etcd/peer.key
                    """
                ]),
            .pod("etcd # ✗", "--name=cp-1"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(
                etcd, flags: ["peer-cert-file", "peer-key-file"],
                fields: ["peer-transport-security.cert-file", "peer-transport-security.key-file"])
        })
}
