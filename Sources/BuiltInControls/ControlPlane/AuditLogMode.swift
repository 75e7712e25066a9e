import Controls
import NodeEvidence

extension Control {
    /// The log names every user and object, at some levels with their content, Secrets included; and who writes it blurs his tracks.
    ///
    /// Files: `--audit-log-path` of kube-apiserver and the older ones beside it. Allowed: the owner reads and writes, a group reads.
    static let auditLogMode = Control.fileMode(
        id: "audit-log-mode",
        title: "Hide audit logs from other users",
        of: .auditLog, at: ModeLimit(0o640),
        severity: .medium,
        summary: "Others may read who did what in the cluster, or change the record of it.",
        example: FileExample("/var/log/kubernetes/audit.log", program: "kube-apiserver --audit-log-path=/var/log/kubernetes/audit.log"))
}
