import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without an authority etcd takes the authorities of its machine: a certificate of any of them opens the whole cluster.
    ///
    /// Settings: `--trusted-ca-file` of etcd, `ETCD_TRUSTED_CA_FILE`, or `client-transport-security` in its file. Allowed: set.
    static let etcdAuthority = Control(
        id: "etcd-trusted-ca-file",
        title: "Let etcd verify clients by an authority of its own",
        severity: .high,
        duty: "A5",
        summary: "Certificates that strangers signed open etcd.",
        remedy: "Set `--trusted-ca-file` to an authority that signs for etcd only.",
        references: [.cis("2.7"), Reference("cwe", "CWE-295")],
        passing: [
            .machine("etcd", "--trusted-ca-file=/etc/etcd/ca.crt"),
            .machine("etcd", environment: ["ETCD_TRUSTED_CA_FILE": "/etc/etcd/ca.crt"]),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml",
                files: [
                    "/etc/etcd/etcd.yaml": """
                    client-transport-security:
                      trusted-ca-file: /etc/etcd/ca.crt
                    """
                ]),
        ],
        failing: [
            .machine("etcd # ✗", "--name=cp-1"),
            .machine(
                "etcd", "--config-file=/etc/etcd/etcd.yaml", "--trusted-ca-file=/etc/etcd/ca.crt",
                files: [
                    "/etc/etcd/etcd.yaml # ✗": """
                    client-transport-security:
                      trusted-ca-file: ""
                    """
                ]),
            .pod("etcd # ✗", "--name=cp-1"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flags: ["trusted-ca-file"], fields: ["client-transport-security.trusted-ca-file"])
        })
}
