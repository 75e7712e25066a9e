import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without a policy the API server records nothing, wherever the log may go.
    ///
    /// Setting: `--audit-policy-file` of kube-apiserver. Allowed: set.
    static let apiServerAuditPolicy = Control(
        id: "kube-apiserver-audit-policy-file",
        title: "Say what the audit log records",
        severity: .medium,
        duty: "A5",
        summary: "The audit log stays empty.",
        remedy: "Set `--audit-policy-file`.",
        references: [.cis("3.2.1"), .nsa("audit logging and threat detection"), Reference("cwe", "CWE-778")],
        passing: [
            .machine("kube-apiserver", "--audit-policy-file=/etc/kubernetes/audit-policy.yaml"),
            .pod("kube-apiserver", args: ["--audit-policy-file", "/etc/kubernetes/audit-policy.yaml"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver # ✗", "--secure-port=6443"),
            .pod("kube-apiserver", "--audit-policy-file= # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["audit-policy-file"])
        })
}
