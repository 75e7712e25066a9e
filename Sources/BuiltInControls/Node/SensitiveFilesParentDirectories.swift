import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// A file is replaced by whoever may write its directory, or any directory above: the mode of the file itself then protects nothing.
    ///
    /// Directories: all above kubeconfigs, keys, certificates, manifests and configuration files of Kubernetes. Allowed: they belong to
    /// root (above etcd's data also to etcd), and neither everybody nor a group other than root may write them. With the sticky bit
    /// others may add entries, but replace none.
    static let sensitiveFilesParentDirectories = Control(
        id: "sensitive-files-parent-directories",
        title: "Protect the directories above Kubernetes' files",
        severity: .high,
        duty: "A5",
        summary: "Whoever may write a directory above a key or configuration file puts his own in its place, whatever the file's mode is.",
        remedy: "`chown root:root DIRECTORY; chmod go-w DIRECTORY` for each directory found, or move the files to a place that is protected.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, argv: [kubelet, --kubeconfig=/srv/kubelet.conf]}
            files:
            - {path: /srv/kubelet.conf, type: file, mode: "0600", owner: root, group: root}
            - {path: /srv, type: directory, mode: "0755", owner: root, group: root}
            - {path: /, type: directory, mode: "0755", owner: root, group: root}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, argv: [kubelet, --kubeconfig=/srv/kubernetes/kubelet.conf]}
            files:
            - {path: /srv/kubernetes/kubelet.conf, type: file, mode: "0600", owner: root, group: root}
            - path: /srv/kubernetes
              type: directory
              mode: "0755"
              owner: deploy # ✗
              group: root
            - path: /srv
              type: directory
              mode: "0777" # ✗
              owner: root
              group: root
            - {path: /, type: directory, mode: "0755", owner: root, group: root}
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence, try evidence.files != nil else { return report.notApplicable() }
            var above = DirectoriesAbove(in: evidence)
            for kind in ProtectedFile.allCases where !kind.isForOthersToWriteBeside {
                for file in try evidence.sightings(of: kind).files {
                    for index in try above.add(above: file) { try report.judge(above.directories[index], kind) }
                }
            }
            if let first = above.unseen.first {
                let count = above.unseen.count
                let what = count == 1 ? "\(first), a directory" : "\(count) directories"
                let example = count == 1 ? "" : ", \(first) for one"
                report.notObservable(evidence.root["files"], "the evidence does not hold \(what) above files of Kubernetes\(example)")
            } else if above.directories.isEmpty {
                report.notApplicable()
            }
        })
}

extension ProtectedFile {
    /// Logs and sockets lie in directories that other programs use too.
    var isForOthersToWriteBeside: Bool { self == .auditLog || self == .runtimeSocket }
}

extension Report {
    fileprivate mutating func judge(_ way: (directory: EvidenceFile, file: EvidenceFile), _ kind: ProtectedFile) throws(WrongType) {
        let (directory, file) = way
        guard let mode = directory.mode else { return notObservable(directory.place, "the mode of \(directory.path) was not read") }
        if kind != .etcdData || directory.owner != FileOwner.etcd.rawValue { try judgeUser(of: directory, by: .root) }
        guard mode & Report.sticky == 0 else { return }
        let isGroupRoot = try isRoot(directory.group, number: directory.place["gid"])
        guard mode & 0o002 != 0 || (mode & 0o020 != 0 && !isGroupRoot) else { return }
        let who = mode & 0o002 != 0 ? "everybody" : "the group \(directory.group ?? "of it")"
        fail(directory.place["mode"], "\(directory.path) has mode \(mode.octal): \(who) may put another file in the place of \(file.path)")
    }

    /// Only the owner of an entry may remove it.
    static let sticky: UInt16 = 0o1000
}
