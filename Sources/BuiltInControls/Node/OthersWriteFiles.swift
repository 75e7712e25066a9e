import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// What a program of root reads, it does: whoever writes its configuration, its unit, its executable or a certificate that it trusts
    /// gives orders to root, on every Pod of the machine and often the cluster. Modes that let others only read are the benchmark's rows.
    ///
    /// Files: all of the evidence that a program reads (`for`), those of Kubernetes in well-known places, and executables of processes;
    /// directories of these as well, unless files lie below for which `sensitive-files-parent-directories` speaks. Allowed: neither everybody
    /// may write them nor, where they are root's, a group other than root. Not meant: sockets, symbolic links, directories with the sticky
    /// bit, and what the kubelet writes for ConfigMaps into containers.
    static let othersWriteFiles = Control(
        id: "others-write-files",
        title: "Let nobody but their owner write files that programs of the node read",
        severity: .critical,
        duty: "A5",
        summary: "Others may write a file that a program of the node reads or runs, so any process on the machine can become root.",
        remedy: "`chmod go-w FILE` for each file found, and look at what it says now.",
        references: [Reference("cwe", "CWE-732")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes: [{name: kubelet, argv: [/usr/bin/kubelet, --config=/var/lib/kubelet/config.yaml]}]
            files:
            - {path: /usr/bin/kubelet, type: file, mode: "0755", owner: root, group: root}
            - {path: /var/lib/kubelet/config.yaml, type: file, mode: "0644", owner: root, group: root, for: [kubelet]}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes: [{name: kubelet, argv: [/usr/bin/kubelet, --config=/var/lib/kubelet/config.yaml]}]
            files:
            - path: /usr/bin/kubelet
              mode: "0777" # ✗
              owner: root
              group: root
            - path: /etc/containerd/config.toml
              mode: "0664" # ✗
              owner: root
              group: docker
              for: [containerd]
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence else { return report.notApplicable() }
            guard let files = report.section(try evidence.files, "files") else { return }
            let read = try ReadFiles(of: evidence)
            var unread: [String] = []
            var isAny = false
            for file in files where try read.holds(file) {
                isAny = true
                guard let mode = file.mode else {
                    unread.append(file.path)
                    continue
                }
                try report.judgeWriters(of: file, mode)
            }
            if let first = unread.first {
                report.notObservable(evidence.root["files"], "the modes of \(unread.count) files were not read, of \(first) for one")
            } else if !isAny {
                report.notApplicable()
            }
        })
}

extension Report {
    fileprivate mutating func judgeWriters(of file: EvidenceFile, _ mode: UInt16) throws(WrongType) {
        if mode & 0o002 != 0 {
            return fail(file.place["mode"], "\(file.path) has mode \(mode.octal): everybody may write it")
        }
        guard mode & 0o020 != 0, try isRoot(file.owner, number: file.place["uid"]) else { return }
        guard file.group != nil || file.place["gid"].exists else {
            return notObservable(file.place, "its group may write \(file.path), and the group was not read")
        }
        if try !isRoot(file.group, number: file.place["gid"]) {
            fail(file.place["mode"], "\(file.path) has mode \(mode.octal): the group \(file.group ?? file.place["gid"].text) may write it")
        }
    }
}

/// Which files of a machine its programs read.
private struct ReadFiles {
    /// Places of files of Kubernetes.
    private var known: Set<Int> = []
    /// Places of directories above them, which another control judges.
    private var above: Set<Int> = []
    private var executables: Set<String> = []

    init(of evidence: EvidenceDocument) throws(WrongType) {
        var directories = DirectoriesAbove(in: evidence)
        for kind in ProtectedFile.allCases {
            for file in try evidence.sightings(of: kind).files {
                known.insert(file.place.identity)
                if !kind.isForOthersToWriteBeside { _ = try directories.add(above: file) }
            }
        }
        above = Set(directories.directories.map(\.directory.place.identity))
        for process in try evidence.processes ?? [] {
            if let path = try process.place["executable"].string() { executables.insert(path) }
            if let path = process.arguments?.first?.text, path.hasPrefix("/") { executables.insert(path) }
        }
    }

    func holds(_ file: EvidenceFile) throws(WrongType) -> Bool {
        if file.isMissing || file.path.contains("/..20") { return false }
        switch file.type {
        case .symlink, .socket, .other: return false
        case .directory:
            // Volumes of ConfigMaps are open to everybody inside of containers, and mounted for reading.
            guard file.process.isEmpty, (file.mode ?? 0) & Report.sticky == 0, !above.contains(file.place.identity) else { return false }
        case .file: break
        }
        if try !file.place["for"].strings().isEmpty || known.contains(file.place.identity) { return true }
        return executables.contains(file.path) || file.aliases.contains(where: executables.contains) || ReadFiles.isWellKnown(file.path)
    }

    /// Files of the kubelet and of runtimes that no row of a benchmark names. Below `/var/lib/kubelet` lie the volumes of Pods too, so only
    /// what is directly in it counts.
    private static func isWellKnown(_ path: String) -> Bool {
        if trees.contains(where: path.hasPrefix) || files.contains(path) { return true }
        return path.hasPrefix("/var/lib/kubelet/") && !path.dropFirst("/var/lib/kubelet/".count).contains("/")
    }

    private static let trees = [
        "/etc/kubernetes/", "/etc/containerd/", "/etc/crio/", "/etc/docker/", "/etc/cni/", "/opt/cni/bin/", "/var/lib/kube-proxy/",
        "/etc/systemd/system/kubelet.service.d/", "/etc/systemd/system/containerd.service.d/",
    ]
    private static let files: Set = [
        "/etc/default/kubelet", "/etc/sysconfig/kubelet", "/usr/bin/kubelet", "/usr/local/bin/kubelet", "/usr/bin/containerd", "/usr/bin/crio",
        "/usr/bin/runc", "/usr/bin/containerd-shim-runc-v2",
    ]
}
