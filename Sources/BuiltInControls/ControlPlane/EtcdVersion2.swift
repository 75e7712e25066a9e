import Controls
import Documents
import NodeEvidence

extension Control {
    /// The second version is deprecated and has its own store and its own users, which rules for the third do not touch. Version 3.6 removed it.
    ///
    /// Setting: `--enable-v2` of etcd, false unless set since 3.4. Allowed: false.
    static let etcdVersion2 = Control(
        id: "etcd-enable-v2",
        title: "Serve no second version of the API of etcd",
        severity: .medium,
        duty: "A5",
        summary: "An interface of etcd is open that nothing needs and the rules for the current one do not cover.",
        remedy: "Remove `--enable-v2`.",
        references: [Reference("cwe", "CWE-1188")],
        passing: [
            .machine("etcd", "--name=cp-1"),
            .machine("etcd", "--enable-v2=false"),
        ],
        failing: [
            .machine("etcd", "--enable-v2 # ✗"),
            .machine("etcd", "--config-file=/etc/etcd/etcd.yaml", files: ["/etc/etcd/etcd.yaml # ✗": "enable-v2: true"]),
            .pod("etcd", "--enable-v2=true # ✗"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flag: "enable-v2", field: "enable-v2", standard: false, is: false)
        })
}
