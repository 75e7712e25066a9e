import Controls
import NodeEvidence

extension Control {
    /// etcd's files hold every object of the cluster, Secrets included, as they are or encrypted with a key that lies beside them.
    ///
    /// Directory: etcd's `--data-dir`, else where installers put it. Allowed: its owner only.
    static let etcdDataMode = Control.fileMode(
        id: "etcd-data-mode",
        title: "Restrict the mode of etcd's data directory",
        of: .etcdData, at: ModeLimit(0o700),
        severity: .critical,
        summary: "Others may read etcd's files, and with them every Secret of the cluster.",
        references: [.cis("1.1.11")],
        example: FileExample("/var/lib/etcd", program: "etcd --data-dir=/var/lib/etcd", type: "directory"))
}
