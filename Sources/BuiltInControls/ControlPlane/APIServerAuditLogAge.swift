import Controls
import Documents
import NodeEvidence

extension Control {
    /// What is found late can only be looked into while the log is there. Unset, files are kept until the disk is full.
    ///
    /// Setting: `--audit-log-maxage` of kube-apiserver in days, without limit unless set. Allowed: 30 and more.
    static let apiServerAuditLogAge = Control(
        id: "kube-apiserver-audit-log-maxage",
        title: "Keep audit logs for thirty days",
        severity: .low,
        duty: "A5",
        summary: "Audit logs are gone before an intrusion is noticed, or nobody decided how long they stay.",
        remedy: "Set `--audit-log-maxage=30` or more.",
        references: [.cis("1.2.17"), .nsa("audit logging and threat detection")],
        passing: [
            .machine("kube-apiserver", "--audit-log-maxage=30"),
            .pod("kube-apiserver", args: ["--audit-log-maxage", "31"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--audit-log-maxage=29 # ✗"),
            .pod("kube-apiserver", "--audit-log-maxage=30", "--audit-log-maxage=1 # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flag: "audit-log-maxage", atLeast: 30)
        })
}
