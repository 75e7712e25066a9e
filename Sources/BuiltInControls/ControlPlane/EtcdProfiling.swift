import Controls
import Documents
import NodeEvidence

extension Control {
    /// Profiles show how the program works inside, and taking them costs it time; dumps of its memory hold data.
    ///
    /// Setting: `--enable-pprof` of etcd, false unless set. Allowed: false.
    static let etcdProfiling = Control(
        id: "etcd-enable-pprof",
        title: "Switch off profiling of etcd",
        severity: .low,
        duty: "A5",
        summary: "Profiles of etcd show what it holds in memory and can slow it down.",
        remedy: "Remove `--enable-pprof`.",
        references: [Reference("cwe", "CWE-215")],
        passing: [
            .machine("etcd", "--name=cp-1"),
            .machine("etcd", "--enable-pprof=false"),
        ],
        failing: [
            .machine("etcd", "--enable-pprof # ✗"),
            .machine("etcd", "--config-file=/etc/etcd/etcd.yaml", files: ["/etc/etcd/etcd.yaml # ✗": "enable-pprof: true"]),
            .pod("etcd", "--enable-pprof=true # ✗"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flag: "enable-pprof", field: "enable-pprof", standard: false, is: false)
        })
}
