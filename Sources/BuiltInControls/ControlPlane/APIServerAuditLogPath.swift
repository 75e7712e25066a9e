import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without an audit log nobody can tell afterwards who did what.
    ///
    /// Setting: `--audit-log-path` of kube-apiserver, none unless set. Allowed: set.
    static let apiServerAuditLogPath = Control(
        id: "kube-apiserver-audit-log-path",
        title: "Write an audit log",
        severity: .high,
        duty: "A5",
        summary: "Who did what in the cluster cannot be told afterwards.",
        remedy: "Set `--audit-log-path` and `--audit-policy-file`.",
        references: [.cis("1.2.16"), .nsa("audit logging and threat detection"), Reference("cwe", "CWE-778")],
        passing: [
            .machine("kube-apiserver", "--audit-log-path=/var/log/kubernetes/audit.log"),
            .pod("kube-apiserver", args: ["--audit-log-path", "/var/log/kubernetes/audit.log"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver", "--audit-log-path= # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["audit-log-path"])
        })
}
