import Controls
import Documents
import NodeEvidence

extension Control {
    /// With `--peer-auto-tls` members sign their own certificates, which the others cannot verify.
    ///
    /// Settings: `--peer-auto-tls` of etcd, `ETCD_PEER_AUTO_TLS`, or `peer-transport-security` in its file, false unless set. Allowed: false.
    static let etcdPeerAutoTLS = Control(
        id: "etcd-peer-auto-tls",
        title: "Give members of etcd certificates that can be verified",
        severity: .high,
        duty: "A5",
        summary: "Members of etcd cannot verify each other.",
        remedy: "Remove `--peer-auto-tls`; set `--peer-cert-file` and `--peer-key-file`.",
        references: [.cis("2.6"), Reference("cwe", "CWE-295")],
        passing: [
            .machine("etcd", "--peer-auto-tls=false"),
            .machine("etcd", "--name=cp-1"),
            .machine("etcd", environment: ["ETCD_PEER_AUTO_TLS": "false"]),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml",
                files: [
                    "/etc/etcd/etcd.yaml": """
                    peer-transport-security:
                      auto-tls: false
                    """
                ]),
        ],
        failing: [
            .machine("etcd", environment: ["ETCD_PEER_AUTO_TLS": "true # ✗"]),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml", "--peer-auto-tls=false",
                files: [
                    "/etc/etcd/etcd.yaml # ✗": """
                    peer-transport-security:
                      auto-tls: true
                    """
                ]),
            .pod("etcd", "--peer-auto-tls # ✗"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flag: "peer-auto-tls", field: "peer-transport-security.auto-tls", standard: false, is: false)
        })
}
