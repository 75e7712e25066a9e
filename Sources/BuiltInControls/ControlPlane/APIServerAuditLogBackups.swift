import Controls
import Documents
import NodeEvidence

extension Control {
    /// A busy cluster, or somebody who makes noise on purpose, pushes older files out. Unset, files are kept until the disk is full.
    ///
    /// Setting: `--audit-log-maxbackup` of kube-apiserver, without limit unless set. Allowed: 10 and more.
    static let apiServerAuditLogBackups = Control(
        id: "kube-apiserver-audit-log-maxbackup",
        title: "Keep ten old audit logs",
        severity: .low,
        duty: "A5",
        summary: "Noise pushes older audit logs out, or nobody decided how many stay.",
        remedy: "Set `--audit-log-maxbackup=10` or more.",
        references: [.cis("1.2.18"), .nsa("audit logging and threat detection")],
        passing: [
            .machine("kube-apiserver", "--audit-log-maxbackup=10"),
            .pod("kube-apiserver", args: ["--audit-log-maxbackup", "11"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--audit-log-maxbackup=9 # ✗"),
            .pod("kube-apiserver", "--audit-log-maxbackup=10", "--audit-log-maxbackup=1 # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flag: "audit-log-maxbackup", atLeast: 10)
        })
}
