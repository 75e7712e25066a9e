import Controls
import NodeEvidence

extension Control {
    /// Who reads the policy knows what leaves no trace; who writes it makes sure of that.
    ///
    /// File: `--audit-policy-file` of kube-apiserver. Allowed: user and group root; root writes, its group reads.
    static let auditPolicyFile = Control.fileProtection(
        id: "audit-policy-file",
        title: "Let root alone change the audit policy",
        of: .auditPolicy, at: ModeLimit(0o640),
        severity: .medium,
        summary: "Others may read or change which requests the audit log leaves out.",
        example: FileExample("/etc/kubernetes/audit-policy.yaml", program: "kube-apiserver --audit-policy-file=/etc/kubernetes/audit-policy.yaml"))
}
