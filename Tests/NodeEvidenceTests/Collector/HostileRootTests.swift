import Documents
import Foundation
import Testing

@testable import NodeEvidence

/// Roots that somebody laid out to stop, mislead or fool the collector.
struct HostileRootTests {
    @Test func linksOutOfTheRootShowNothing() throws {
        try FakeRoot.with(["/outside/kubelet.conf": "where: outside\n"]) { base in
            let root = FakeRoot(url: URL(filePath: base.path("/inside")))
            try root.directory("/etc")
            try root.link("/etc/kubernetes", to: base.path("/outside"))
            try root.link("/var/lib/kubelet", to: "../../../outside")
            try root.link("/etc/containerd", to: "/proc/self/root" + base.path("/outside"))
            try root.link("/proc", to: "/proc")
            let found = try root.collect()
            #expect(!found.text.contains("where: outside"))
            #expect(!found.has("processes"))
            #expect(found.refusal("/proc") != nil)
        }
    }

    @Test func loopsAreRefusedAndNamed() throws {
        try FakeRoot.with { root in
            try root.link("/etc/kubernetes/kubelet.conf", to: "kubelet.conf")
            try root.link("/etc/kubernetes/pki/a", to: "..")
            try root.link("/etc/kubernetes/manifests", to: "/etc/kubernetes/manifests/x")
            let found = try root.collect()
            #expect(found.refusal("/etc/kubernetes/kubelet.conf") == "Too many levels of symbolic links")
            #expect(found.refusal("/etc/kubernetes/manifests") == "Too many levels of symbolic links")
            #expect(!found.result.isComplete)
        }
    }

    /// A configuration that names itself, and one another in a circle.
    @Test func filesThatNameEachOtherEnd() throws {
        try FakeRoot.with([
            "/etc/kubernetes/kubelet.conf": "apiVersion: v1\nkind: Config\nkubeconfig: /etc/kubernetes/admin.conf\n",
            "/etc/kubernetes/admin.conf": "apiVersion: v1\nkind: Config\nkubeconfig: /etc/kubernetes/kubelet.conf\n",
            "/etc/containerd/config.toml": "imports = [\"/etc/containerd/*.toml\", \"config.toml\"]\n",
        ]) { root in
            let found = try root.collect()
            #expect(found.list("files").count { $0["content"] is String } == 3)
        }
    }

    /// A chain of configurations ends, and so does one that names a thousand files.
    @Test func chainsAndCrowdsAreBounded() throws {
        var files: [String: String] = [:]
        for number in 0..<30 { files["/c/\(number).yaml"] = "apiVersion: v1\nkind: Config\nkubeconfig: /c/\(number + 1).yaml\n" }
        files["/etc/kubernetes/kubelet.conf"] = "apiVersion: v1\nkind: Config\nkubeconfig: /c/0.yaml\n"
        files["/etc/kubernetes/admin.conf"] = "apiVersion: v1\nkind: Config\n" + (0..<400).map { "a\($0): {kubeconfig: /x/\($0)}\n" }.joined()
        try FakeRoot.with(files) { root in
            let found = try root.collect { $0.limits.files = 100 }
            #expect(found.list("files").count <= 130)
            #expect(found.refusal("/")?.contains("more than 100 files") == true)
        }
    }

    private static let contained = "0::/kubepods/cri-containerd-\(String(repeating: "4f2c", count: 16)).scope"

    /// A tenant's process that calls itself a component names crowds of files: all of the machine's are there nevertheless.
    @Test func tenantsTakeNoRoomFromTheMachine() throws {
        try FakeRoot.with([
            "/etc/kubernetes/admin.conf": "apiVersion: v1\nkind: Config\n",
            "/etc/late.yaml": "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n", "/tenant/x": "",
        ]) { root in
            try root.process(5, ["etcd"] + (0..<300).map { "--cert-file=/crowd/\($0)" }, cgroup: Self.contained, root: "/tenant")
            try root.process(900, ["kubelet", "--config=/etc/late.yaml"])
            let alone = try root.collect { ($0.limits.files, $0.limits.containerFiles) = (150, 0) }
            let found = try root.collect { ($0.limits.files, $0.limits.containerFiles) = (150, 20) }
            #expect(
                found.content("/etc/late.yaml") == "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
                    && found.content("/etc/kubernetes/admin.conf") != nil)
            let files = found.list("files")
            #expect(files.count { $0["process"] == nil } == alone.list("files").count)
            #expect(files.count { $0["process"] as? String == "etcd" } == 20)
            #expect(alone.list("files").allSatisfy { $0["process"] == nil })
            #expect(found.refusal("/")?.contains("the others were not looked at") == true)
        }
    }

    /// A copy of /proc may hold any number.
    @Test func timesBeyondTheCalendarDoNotCrash() throws {
        try FakeRoot.with(["/proc/stat": "btime \(Int.max)\n"]) { root in
            try root.process(9, ["kubelet"])
            try root.write("/proc/9/stat", "9 (kubelet) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 \(Int.max) 0 0")
            let found = try root.collect()
            #expect(found.object("os")["bootedAt"] as? String == "9999-12-31T23:59:59Z")
            let started = try #require(found.process("kubelet")?["startedAt"] as? String)
            #expect(Timestamp(started) != nil)
        }
    }

    @Test func nodesAreNotNamedByTenants() throws {
        try FakeRoot.with(["/etc/hostname": "n-1"]) { root in
            try root.process(5, ["kubelet", "--hostname-override=evil"], cgroup: Self.contained)
            #expect(try root.collect().string("nodeName") == "n-1")
            try root.process(900, ["kubelet", "--hostname-override=worker-7"])
            #expect(try root.collect().string("nodeName") == "worker-7")
        }
    }

    @Test func directoriesWithTooManyNamesAreCut() throws {
        try FakeRoot.with { root in
            for number in 0..<30 { try root.write("/etc/cni/net.d/\(number).conf", "{}") }
            let found = try root.collect { $0.limits.names = 10 }
            #expect(found.list("files").count { ($0["path"] as? String)?.hasPrefix("/etc/cni/net.d/") == true } == 10)
            #expect(found.refusal("/etc/cni/net.d") == "more than 10 names; the last 20 were not looked at")
            let kept = (0..<30).map(String.init).sorted().prefix(10).map { "/etc/cni/net.d/\($0).conf" }
            #expect(kept.allSatisfy { found.file($0) != nil }, "the first in order are kept")
        }
    }

    @Test func pipesAndDevicesAreNotOpened() throws {
        try FakeRoot.with { root in
            try root.directory("/etc/kubernetes/manifests")
            for name in ["kubelet.conf", "manifests/pipe.yaml"] { #expect(mkfifo(root.path("/etc/kubernetes/\(name)"), 0o600) == 0) }
            try root.link("/var/lib/kubelet/config.yaml", to: "/dev/zero")
            let found = try root.collect()
            #expect(found.file("/etc/kubernetes/kubelet.conf")?["type"] as? String == "other")
            #expect(found.file("/etc/kubernetes/manifests/pipe.yaml")?["type"] as? String == "other")
        }
    }

    /// Whatever a name holds, the document is JSON, and nothing in it steers a terminal.
    @Test func namesAreEscaped() throws {
        try FakeRoot.with { root in
            try root.directory("/etc/kubernetes/manifests")
            for name in [
                [0xFF, 0x61], [0x1B, 0x5B, 0x32, 0x4A], [0x0A, 0x22, 0x7D, 0x2C], [0xE2, 0x80, 0xAE, 0x61], [0xC2, 0x9B, 0x31],
                [0x5C, 0x78, 0x66, 0x66, 0x61],
            ] as [[UInt8]] {
                let path = Array(root.path("/etc/kubernetes/manifests/").utf8) + name + [0]
                path.withUnsafeBufferPointer { bytes in
                    bytes.withMemoryRebound(to: CChar.self) { pointer in _ = pointer.baseAddress.map { close(open($0, O_CREAT | O_WRONLY, 0o600)) } }
                }
            }
            let found = try root.collect()
            let parsed = DocumentTree.parse(found.result.json, source: "evidence.json", syntax: .json)
            #expect(parsed.problems.isEmpty)
            let names = found.list("files").compactMap { $0["path"] as? String }.filter { $0.hasPrefix("/etc/kubernetes/manifests/") }.map {
                $0.dropFirst(26)
            }
            #expect(Set(names) == ["\\xffa", "\u{1B}[2J", "\n\"},", "\u{202E}a", "\u{9B}1", "\\x5cxffa"])
            for scalar in found.text.unicodeScalars where scalar != "\n" {
                #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && !(0x2028...0x202E).contains(scalar.value))
            }
        }
    }

    /// A process that ends while it is read, and one whose files make no sense.
    @Test func processesMayVanish() throws {
        try FakeRoot.with { root in
            try root.process(10, ["kubelet", "--v=2"])
            try root.directory("/proc/11")
            try root.write("/proc/12/stat", "nonsense")
            try root.write("/proc/13", "no directory")
            try root.link("/proc/14", to: "/")
            try root.write("/proc/15/stat", "15 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4700 0 0")
            let found = try root.collect { $0.nodeName = "n" }
            #expect(found.list("processes").map { $0["pid"] as? Int } == [10])
            #expect(found.refusal("/proc/11") == "No such file or directory")
            #expect(found.refusal("/proc/13") == "Not a directory" && found.refusal("/proc/14") == "Not a directory")
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root is refused nothing")) func refusalsOfTheKernelAreNoted() throws {
        try FakeRoot.with(["/etc/kubernetes/kubelet.conf": "a: b\n"]) { root in
            chmod(root.path("/etc/kubernetes/kubelet.conf"), 0)
            let found = try root.collect()
            #expect(found.refusal("/etc/kubernetes/kubelet.conf") == "Permission denied")
            #expect(found.file("/etc/kubernetes/kubelet.conf")?["mode"] as? String == "0000")
        }
    }

    @Test func tooManyProcessesAreCut() throws {
        try FakeRoot.with { root in
            for pid in 1...20 { try root.process(pid, ["x"]) }
            let found = try root.collect { $0.limits.processes = 5 }
            #expect(found.list("processes").count == 5)
            #expect(found.refusal("/proc")?.contains("more than 5 processes") == true)
        }
    }

    /// Any bytes in any file that is read: the document stays one.
    @Test func noiseNeverBreaksTheDocument() throws {
        var seed: UInt64 = 99
        func noise(_ count: Int) -> Data {
            Data(
                (0..<count).map { _ in
                    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(truncatingIfNeeded: seed >> 33)
                })
        }
        for _ in 0..<8 {
            try FakeRoot.with { root in
                try root.process(7, ["etcd"])
                for path in [
                    "/etc/passwd", "/etc/group", "/etc/os-release", "/proc/stat", "/proc/modules", "/proc/cmdline", "/proc/7/maps", "/proc/7/environ",
                    "/proc/7/cmdline",
                    "/proc/1/net/tcp", "/proc/1/net/tcp6", "/var/lib/dpkg/status", "/var/lib/rpm/rpmdb.sqlite", "/etc/kubernetes/admin.conf",
                    "/etc/kubernetes/manifests/x.yaml", "/etc/kubernetes/pki/ca.crt", "/etc/containerd/config.toml",
                    "/etc/systemd/system/kubelet.service",
                    "/etc/default/kubelet", "/run/containerd/io.containerd.runtime.v2.task/k8s.io/x/config.json",
                ] { try root.write(path, noise(600)) }
                let found = try root.collect()
                #expect(DocumentTree.parse(found.result.json, source: "evidence.json", syntax: .json).problems.isEmpty)
            }
        }
    }
}
