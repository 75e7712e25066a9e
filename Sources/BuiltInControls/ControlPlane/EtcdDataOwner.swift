import Controls
import NodeEvidence

extension Control {
    /// etcd needs no rights but those on its files. With a user of its own a flaw in it does not end in root, and no other program reads its data.
    ///
    /// Directory: etcd's `--data-dir`, else where installers put it. Allowed: user and group etcd.
    static let etcdDataOwner = Control.fileOwner(
        id: "etcd-data-owner",
        title: "Give etcd's data directory to a user of its own",
        of: .etcdData, by: .etcd,
        severity: .medium,
        summary: "etcd's data belong to a user who has more rights than etcd needs, or to somebody else.",
        references: [.cis("1.1.12")],
        example: FileExample("/var/lib/etcd", program: "etcd --data-dir=/var/lib/etcd", type: "directory"))
}
