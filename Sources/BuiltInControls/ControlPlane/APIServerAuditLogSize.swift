import Controls
import Documents
import NodeEvidence

extension Control {
    /// Files that are rotated early are dropped early. Unset, the limit is left to a library.
    ///
    /// Setting: `--audit-log-maxsize` of kube-apiserver in megabytes. Allowed: 100 and more.
    static let apiServerAuditLogSize = Control(
        id: "kube-apiserver-audit-log-maxsize",
        title: "Rotate audit logs at a hundred megabytes",
        severity: .low,
        duty: "A5",
        summary: "Audit logs are rotated, and so dropped, too early, or nobody decided when.",
        remedy: "Set `--audit-log-maxsize=100` or more.",
        references: [.cis("1.2.19"), .nsa("audit logging and threat detection")],
        passing: [
            .machine("kube-apiserver", "--audit-log-maxsize=100"),
            .pod("kube-apiserver", args: ["--audit-log-maxsize", "101"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--audit-log-maxsize=99 # ✗"),
            .pod("kube-apiserver", "--audit-log-maxsize=100", "--audit-log-maxsize=1 # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flag: "audit-log-maxsize", atLeast: 100)
        })
}
