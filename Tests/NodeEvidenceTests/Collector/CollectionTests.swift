import Documents
import Foundation
import SystemPackage
import Testing

@testable import NodeEvidence

/// Whole collections of a root that is laid out for it.
struct CollectionTests {
    private static let id = String(repeating: "4f2c", count: 16)

    private static let kubelet = """
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        staticPodPath: /etc/kubernetes/manifests
        authentication:
          x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
        tlsCertFile: /var/lib/kubelet/pki/kubelet.crt
        tlsPrivateKeyFile: /var/lib/kubelet/pki/kubelet.key
        """

    private static let manifest = """
        apiVersion: v1
        kind: Pod
        metadata: {name: kube-apiserver, namespace: kube-system}
        spec:
          containers:
          - name: kube-apiserver
            image: registry.k8s.io/kube-apiserver:v1.31.2
            command: [kube-apiserver, --audit-policy-file=/etc/audit/policy.yaml, --tls-private-key-file=/pki/apiserver.key, --cloud-config=/in/image]
            volumeMounts:
            - {name: audit, mountPath: /etc/audit}
            - {name: pki, mountPath: /pki}
          volumes:
          - name: audit
            hostPath: {path: /etc/kubernetes/audit}
          - name: pki
            hostPath: {path: /etc/kubernetes/pki}
        """

    private static let files = [
        "/etc/passwd": "root:x:0:0::/:/bin/sh\n", "/etc/group": "root:x:0:\n", "/etc/hostname": "CP-1\n",
        "/etc/os-release": "ID=debian\nVERSION_ID=\"12\"\n", "/lib/modules/6.1.0-18-amd64/x": "", "/boot/vmlinuz-6.1.0-20-amd64": "",
        "/boot/vmlinuz-linux": "",
        "/var/lib/dpkg/status": "Package: kubelet\nStatus: install ok installed\nVersion: 1.30.9-1.1\n",
        "/var/lib/kubelet/config.yaml": kubelet, "/etc/kubernetes/manifests/kube-apiserver.yaml": manifest,
        "/etc/kubernetes/audit/policy.yaml": "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n",
        "/etc/kubernetes/pki/ca.crt": certificateBlock(1), "/etc/kubernetes/pki/apiserver.key": "x",
        "/etc/kubernetes/pki/etcd/ca.crt": certificateBlock(2),
        "/var/lib/kubelet/pki/kubelet.crt": certificateBlock(3),
        "/etc/containerd/config.toml":
            "version = 2\nimports = [\"/etc/containerd/conf.d/*.toml\"]\n[plugins.\"x\".cni]\n  conf_dir = \"/etc/cni/net.d\"\n",
        "/etc/containerd/conf.d/a.toml": "root = \"/data/containerd\"\n", "/etc/containerd/conf.d/b.txt": "x",
        "/etc/cni/net.d/10-net.conflist": "{\"cniVersion\": \"1.0.0\", \"name\": \"net\", \"plugins\": []}",
        "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf": "[Service]\nEnvironmentFile=-/etc/default/other\n",
        "/etc/default/other": "KUBELET_EXTRA_ARGS=--node-ip=10.0.0.1\n",
        "/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)/config.json":
            "{\"process\": {\"env\": [\"A=hunter22\"]}, \"annotations\": {\"io.kubernetes.cri.container-type\": \"sandbox\", \"io.kubernetes.cri.sandbox-id\": \"\(id)\","
            + " \"io.kubernetes.cri.sandbox-name\": \"web-0\", \"io.kubernetes.cri.sandbox-namespace\": \"shop\", \"io.containerd.cri.runtime-handler\": \"runsc\"}}",
        "/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)/init.pid": "4711",
        "/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)/runtime": "/usr/bin/runsc",
        "/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)/shim-binary-path": "/usr/bin/containerd-shim-runsc-v1",
    ]

    /// The beginning of a file that a component may be started with.
    private static let policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\n"

    @Test func aMountedFileSystem() throws {
        try FakeRoot.with(Self.files) { root in
            let found = try root.collect()
            #expect(found.string("nodeName") == "cp-1")
            #expect(found.string("kubernetesVersion") == "1.31.2", "what runs counts before what is installed")
            #expect(found.object("os")["id"] as? String == "debian")
            #expect(found.object("kernel")["installed"] as? [String] == ["6.1.0-18-amd64", "6.1.0-20-amd64"])
            #expect(found.list("packages").map { $0["name"] as? String } == ["kubelet"])
            #expect(!found.has("processes") && !found.has("sockets"), "nobody looked, which is not that there are none")
            #expect(found.refusal("/proc") == "No such file or directory", "without processes it is not complete")
            #expect(!found.result.isComplete && found.result.sawKubernetes)
        }
    }

    @Test func whatFilesNameIsFollowed() throws {
        try FakeRoot.with(Self.files) { root in
            let found = try root.collect()
            #expect(found.content("/var/lib/kubelet/config.yaml") == Self.kubelet)
            #expect(found.content("/etc/kubernetes/manifests/kube-apiserver.yaml") == Self.manifest)
            // The static Pod names it inside of the container; it lies elsewhere on the machine.
            #expect(found.file("/etc/kubernetes/audit/policy.yaml")?["for"] as? [String] == ["kube-apiserver"])
            #expect(found.content("/etc/kubernetes/audit/policy.yaml")?.contains("level: Metadata") == true)
            #expect(found.file("/in/image") == nil, "what is inside the image nobody sees here")
            #expect(found.file("/etc/kubernetes/pki/apiserver.key")?["content"] is NSNull)
            #expect(found.content("/etc/containerd/conf.d/a.toml") == "root = \"/data/containerd\"\n")
            #expect(found.file("/data/containerd")?["missing"] as? Bool == true)
            #expect(found.content("/etc/default/other") == "KUBELET_EXTRA_ARGS=--node-ip=10.0.0.1\n")
            #expect(
                found.certificates.map { $0["path"] as? String } == [
                    "/etc/kubernetes/pki/ca.crt", "/etc/kubernetes/pki/etcd/ca.crt", "/var/lib/kubelet/pki/kubelet.crt",
                ])
            #expect(found.file("/var/lib/kubelet/pki/kubelet.key")?["missing"] as? Bool == true)
            #expect(found.file("/etc/kubernetes/admin.conf")?["missing"] as? Bool == true)
            #expect(found.file("/etc/kubernetes")?["type"] as? String == "directory")
            #expect(found.file("/etc")?["type"] as? String == "directory")
        }
    }

    /// Whoever may write to `/` puts another `/etc` there: it is the last of the directories above each file.
    @Test func theRootIsAboveAllFiles() throws {
        try FakeRoot.with(Self.files) { root in
            #expect(chmod(root.url.path, 0o757) == 0)
            let id = String(repeating: "ab12", count: 16)
            try root.write("/containers/one/p.yaml", Self.policy)
            #expect(chmod(root.path("/containers/one"), 0o700) == 0)
            try root.process(
                20, ["kube-apiserver", "--audit-policy-file=/p.yaml"], cgroup: "0::/kubepods/cri-containerd-\(id).scope", root: "/containers/one")
            let found = try root.collect()
            let entry = try #require(found.file("/"))
            #expect(entry["type"] as? String == "directory" && entry["mode"] as? String == "0757")
            #expect(found.file("/", process: "kube-apiserver")?["mode"] as? String == "0700")
            let document = EvidenceDocument(try #require(DocumentTree.parse(found.result.json, source: "e", syntax: .json).tree.roots.first))
            var above = DirectoriesAbove(in: document)
            for file in try #require(try document.files) where !file.isMissing { _ = try above.add(above: file) }
            #expect(above.unseen.isEmpty)
        }
        let live = try Collected(NodeCollector(CollectorOptions(toolVersion: "0.0.0")).collect())
        #expect(live.file("/")?["type"] as? String == "directory")
    }

    @Test func containersComeFromTheirBundles() throws {
        try FakeRoot.with(Self.files) { root in
            let found = try root.collect()
            let container = try #require(found.list("containers").first)
            #expect(container["shim"] as? String == "io.containerd.runsc.v1")
            #expect(container["handler"] as? String == "runsc" && container["binary"] as? String == "/usr/bin/runsc")
            #expect(container["podName"] as? String == "web-0" && container["podNamespace"] as? String == "shop")
            #expect(container["pid"] as? Int == 4711 && container["type"] as? String == "sandbox")
            #expect(!found.text.contains("hunter22"))
        }
    }

    @Test func processesWithWhatTheyName() throws {
        try FakeRoot.with(Self.files) { root in
            try root.write("/proc/stat", "btime 1764244800\n")
            try root.write("/proc/sys/kernel/kptr_restrict", "1\n")
            try root.write("/proc/modules", "overlay 1 0\n")
            try root.write("/proc/1/net/tcp", "h\n 0: 00000000:280A 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1\n")
            try root.process(
                901,
                [
                    "/usr/bin/kubelet", "--config=/var/lib/kubelet/config.yaml", "--hostname-override=worker-7", "--kubeconfig",
                    "/etc/kubernetes/kubelet.conf",
                ])
            try root.process(700, ["nginx", "--password=hunter22"], environment: "ETCD_X=hunter22")
            try root.process(
                5, ["etcd"], environment: "ETCD_DATA_DIR=/data\0HOME=/root\0ETCD_PASSWORD=hunter22\0",
                maps: "1-2 r-xp 0 08:01 5 /usr/lib/x.so (deleted)\n")
            try root.link("/proc/901/fd/7", to: "socket:[4711]")
            let found = try root.collect()
            let kubelet = try #require(found.process("kubelet"))
            #expect(
                kubelet["argv"] as? [String] == [
                    "/usr/bin/kubelet", "--config=/var/lib/kubelet/config.yaml", "--hostname-override=worker-7", "--kubeconfig",
                    "/etc/kubernetes/kubelet.conf",
                ])
            #expect(kubelet["startedAt"] as? String == "2025-11-27T12:00:47Z" && kubelet["user"] as? String == "root")
            #expect(found.process("nginx")?["argv"] == nil && found.process("nginx")?["environment"] == nil)
            #expect(
                found.process("etcd")?["environment"] as? [String: String] == ["ETCD_DATA_DIR": "/data", "ETCD_PASSWORD": EvidenceFormat.redacted])
            #expect(found.process("etcd")?["replaced"] as? [String] == ["/usr/lib/x.so"])
            #expect(found.string("nodeName") == "worker-7")
            #expect(found.object("kernel")["modules"] as? [String] == ["overlay"])
            #expect((found.object("kernel")["settings"] as? [String: String])?["kernel.kptr_restrict"] == "1")
            #expect(found.list("sockets").map { $0["process"] as? String } == ["kubelet"])
            #expect(found.file("/etc/kubernetes/kubelet.conf")?["for"] as? [String] == ["kubelet"])
            #expect(found.file("/data")?["for"] as? [String] == ["etcd"])
            #expect(!found.text.contains("hunter22"))
        }
    }

    /// The paths of a process in a container are those of its own root, and no link of it leads out.
    @Test func containersSeeTheirOwnFiles() throws {
        try FakeRoot.with(["/etc/shared.yaml": Self.policy + "where: machine\n", "/secret.yaml": Self.policy + "where: outside\n"]) { root in
            try root.write("/containers/one/etc/shared.yaml", Self.policy + "where: container\n")
            try root.link("/containers/one/out.yaml", to: "/../../secret.yaml")
            try root.process(
                20, ["kube-apiserver", "--audit-policy-file=/etc/shared.yaml", "--encryption-provider-config=/out.yaml"],
                cgroup: "0::/kubepods/cri-containerd-\(Self.id).scope", root: "/containers/one")
            let found = try root.collect()
            let entry = try #require(found.file("/etc/shared.yaml", process: "kube-apiserver"))
            #expect(entry["content"] as? String == Self.policy + "where: container\n" && entry["pid"] as? Int == 20)
            #expect(found.process("kube-apiserver")?["container"] as? String == Self.id)
            #expect(!found.text.contains("where: outside"))
            #expect(found.file("/secret.yaml", process: "kube-apiserver")?["missing"] as? Bool == true)
            #expect(found.file("/secret.yaml", process: "kube-apiserver")?["aliases"] as? [String] == ["/out.yaml"])
        }
    }

    /// A bind mount shows the machine's own file: it is no other one.
    @Test func filesOfTheMachineAreNotTakenTwice() throws {
        try FakeRoot.with(["/etc/policy.yaml": Self.policy + "where: machine\n"]) { root in
            try root.directory("/containers/one/etc")
            #expect(link(root.path("/etc/policy.yaml"), root.path("/containers/one/etc/policy.yaml")) == 0)
            try root.process(20, ["kube-apiserver", "--audit-policy-file=/etc/policy.yaml"], cgroup: "0::/x/\(Self.id)", root: "/containers/one")
            let found = try root.collect()
            #expect(found.list("files").count { $0["path"] as? String == "/etc/policy.yaml" } == 1)
            #expect(found.content("/etc/policy.yaml") == Self.policy + "where: machine\n")
        }
    }

    @Test func aliasesNameWhereLinksLead() throws {
        try FakeRoot.with(["/real/kubelet.yaml": Self.kubelet]) { root in
            try root.link("/var/lib/kubelet", to: "/real")
            try root.link("/etc/kubernetes/kubelet.conf", to: "/real/kubelet.yaml")
            try root.process(9, ["kubelet", "--config=/var/lib/kubelet/kubelet.yaml"])
            let found = try root.collect()
            #expect(found.file("/real/kubelet.yaml")?["aliases"] as? [String] == ["/etc/kubernetes/kubelet.conf", "/var/lib/kubelet/kubelet.yaml"])
            #expect(found.file("/etc/kubernetes/kubelet.conf")?["type"] as? String == "symlink")
            #expect(found.file("/etc/kubernetes/kubelet.conf")?["target"] as? String == "/real/kubelet.yaml")
            let document = EvidenceDocument(try #require(DocumentTree.parse(found.result.json, source: "e", syntax: .json).tree.roots.first))
            #expect(try document.file("/etc/kubernetes/kubelet.conf")?.path == "/real/kubelet.yaml")
            #expect(try document.file("/var/lib/kubelet/kubelet.yaml")?.path == "/real/kubelet.yaml")
        }
    }

    /// `..` behind a link is the directory above where the link leads, as the kernel has it.
    @Test(arguments: [
        ("/etc/link/../policy.yaml", "/real/policy.yaml"), ("/etc/./a/../policy.yaml", "/etc/policy.yaml"),
        ("../etc/policy.yaml", "/etc/policy.yaml"),
        ("/etc/none/../policy.yaml", nil),
    ])
    func pathsAreWalkedAsTheKernelDoes(argument: String, expected: String?) throws {
        let files = [
            "/etc/policy.yaml": "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nat: /etc/policy.yaml\n",
            "/real/policy.yaml": "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nat: /real/policy.yaml\n", "/real/deep/x": "",
            "/etc/a/x": "",
        ]
        try FakeRoot.with(files) { root in
            try root.link("/etc/link", to: "/real/deep")
            try root.process(9, ["kubelet", "--config=\(argument)"])
            let found = try root.collect()
            let read = found.list("files").filter { ($0["content"] as? String)?.contains("at: ") == true }
            #expect(read.map { $0["path"] as? String } == (expected.map { [$0] } ?? []))
            #expect(read.allSatisfy { ($0["content"] as? String)?.hasSuffix("at: \(expected ?? "")\n") == true })
            let document = EvidenceDocument(try #require(DocumentTree.parse(found.result.json, source: "e", syntax: .json).tree.roots.first))
            if argument.hasPrefix("/") { #expect(try document.file(argument)?.isMissing == (expected == nil)) }
        }
    }

    /// Neither way around an excluded directory leads into it.
    @Test(arguments: ["/etc/../secret/policy.yaml", "/etc/link/../policy.yaml", "/secret/none/../policy.yaml", "/etc/../secret/none.yaml"])
    func excludedDirectoriesStayShutWithDots(argument: String) throws {
        try FakeRoot.with(["/secret/policy.yaml": "at: x\n", "/secret/deep/x": "", "/etc/x": ""]) { root in
            try root.link("/etc/link", to: "/secret/deep")
            try root.process(9, ["kubelet", "--config=\(argument)"])
            let found = try root.collect { $0.excluded = ["/secret"] }
            #expect(!found.text.contains("at: x"))
            #expect(!found.list("files").contains { ["/secret/policy.yaml", "/secret/none.yaml"].contains($0["path"] as? String) })
        }
    }

    @Test func whatIsExcludedIsLeftAlone() throws {
        try FakeRoot.with(Self.files) { root in
            try root.link("/etc/cni/net.d/link.conf", to: "/var/lib/kubelet/config.yaml")
            let found = try root.collect { $0.excluded = ["/var/lib/kubelet", "/var/lib/dpkg"] }
            #expect(found.file("/var/lib/kubelet/config.yaml") == nil && found.content("/var/lib/kubelet/config.yaml") == nil)
            #expect(!found.has("packages"))
            #expect(found.object("collector")["excluded"] as? [String] == ["/var/lib/kubelet", "/var/lib/dpkg"])
        }
    }

    /// In a Pod only some directories are the machine's. What is beside them is the Pod's own, and what is not mounted is not missing.
    @Test func whatIsNotMountedIsNotMissing() throws {
        try FakeRoot.with(Self.files) { root in
            let found = try root.collect { $0.pieces = ["/etc/kubernetes", "/var/lib/dpkg"] }
            #expect(found.file("/etc/kubernetes/admin.conf")?["missing"] as? Bool == true)
            #expect(found.file("/etc/kubernetes")?["type"] as? String == "directory")
            #expect(found.file("/etc") == nil, "made for the mount, with a mode that says nothing")
            #expect(found.file("/var/lib/kubelet/config.yaml") == nil && found.file("/var/lib/kubelet/pki") == nil)
            #expect(found.refusal("/var/lib/kubelet/config.yaml") == "not mounted below the root of the collector")
            #expect(!found.has("containers") && found.has("packages") && found.object("os")["id"] == nil)
        }
    }

    /// A list that was not looked at is missing, so that no control passes on it; one that was looked at may be empty.
    @Test(
        arguments: [
            ([:], true, false, "/proc/1/net/tcp"), (["/proc/1/net/tcp": "h\n", "/proc/1/net/udp": "h\n"], true, true, nil),
            (["/proc/net/tcp": "h\n", "/proc/net/udp": "h\n"], true, true, nil), (["/proc/1/net/tcp": "h\n"], true, true, "/proc/1/net/udp"),
            (["/proc/1/net/tcp6": "h\n", "/proc/1/net/udp": "h\n"], true, false, "/proc/1/net/tcp"),
            (["/proc/1/net/tcp": "h\n", "/proc/1/net/tcp6/x": "", "/proc/1/net/udp": "h\n"], true, false, "/proc/1/net/tcp6"),
            (["/proc/stat": "btime 1\n"], false, false, "/proc"),
        ] as [([String: String], Bool, Bool, String?)])
    func listsNobodyLookedAtAreMissing(files: [String: String], hasProcesses: Bool, hasSockets: Bool, refused: String?) throws {
        try FakeRoot.with(files) { root in
            if hasProcesses { try root.process(9, ["kubelet"]) }
            let found = try root.collect()
            #expect(found.has("processes") == hasProcesses)
            #expect(found.has("sockets") == hasSockets)
            let tables = found.list("refusals").compactMap { $0["path"] as? String }.filter { $0 == "/proc" || $0.hasPrefix("/proc/1/net/") }
            #expect(refused.map { tables.contains($0) } ?? tables.isEmpty, "\(tables)")
        }
    }

    @Test func tablesThatWereCutAreNotRead() throws {
        try FakeRoot.with(["/proc/1/net/tcp": String(repeating: "x", count: 200), "/proc/1/net/udp": "h\n"]) { root in
            let found = try root.collect { $0.limits.database = 100 }
            #expect(!found.has("sockets") && found.refusal("/proc/1/net/tcp") == "File too large")
        }
    }

    @Test func anEmptyRootShowsNothing() throws {
        try FakeRoot.with { root in
            let found = try root.collect()
            #expect(!found.result.sawKubernetes && !found.has("packages") && !found.has("containers"))
        }
        #expect(throws: NodeCollector.RootError.self) { try NodeCollector(.init(root: "/nowhere/at/all")).collect() }
    }

    /// This machine, whatever it is: the document can be read again.
    @Test func thisMachine() throws {
        let result = try NodeCollector(CollectorOptions(toolVersion: "0.0.0")).collect()
        let parsed = DocumentTree.parse(result.json, source: "evidence.json", syntax: .json)
        #expect(parsed.problems.isEmpty)
        let document = try #require(parsed.tree.roots.first)
        #expect(try document["kind"].string() == EvidenceFormat.kind)
        #expect(try document["apiVersion"].string() == EvidenceFormat.apiVersion)
        let own = try document["processes"].items().first { try $0["pid"].int() == Int64(getpid()) }
        #expect(try own?["uid"].int() == Int64(geteuid()))
        #expect(try document["os"]["kernel"].string()?.isEmpty == false)
        #expect(try document["kernel"]["settings"]["kernel.randomize_va_space"].string() != nil)
    }
}

extension CollectorOptions {
    init(root: String) {
        self.init(toolVersion: "0.0.0")
        self.root = root
    }
}
