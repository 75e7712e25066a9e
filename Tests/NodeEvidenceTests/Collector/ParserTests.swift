import Documents
import Foundation
import SystemPackage
import Testing

@testable import NodeEvidence

/// What files of the kernel and of the system say, read without any of them.
struct ParserTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    // MARK: - Processes

    @Test(arguments: [
        ("kubelet\0--config=/a b\0\0", ["kubelet", "--config=/a b"]),
        ("", []),
        ("\0\0", []),
        ("nginx: worker process   ", ["nginx: worker process   "]),
        ("a\0\0b\0", ["a", "", "b"]),
    ])
    func argumentsEndWithNUL(text: String, expected: [String]) {
        #expect(ProcessFiles.arguments(bytes(text)) == expected)
    }

    @Test func argumentsThatAreNoTextStayApart() {
        #expect(ProcessFiles.arguments([0x61, 0xFF, 0x62, 0x00, 0xC3, 0x28, 0x00]) == ["a\\xffb", "\\xc3("])
    }

    @Test(arguments: [
        (
            "812 (kube-apiserver) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20",
            ProcessFiles.Stat(command: "kube-apiserver", parent: 1, started: 4711)
        ),
        ("7 (a) b) (c) R 2 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 99 0\n", ProcessFiles.Stat(command: "a) b) (c", parent: 2, started: 99)),
        ("7 (short) R 2", nil),
        ("", nil),
        (")(", nil),
    ])
    func statSurvivesNames(text: String, expected: ProcessFiles.Stat?) {
        #expect(ProcessFiles.stat(bytes(text)) == expected)
    }

    @Test func theUserIsTheEffectiveOne() {
        #expect(ProcessFiles.user(bytes("Name:\tx\nUid:\t1000\t0\t0\t0\nGid:\t5\t5\t5\t5\n")) == 0)
        #expect(ProcessFiles.user(bytes("Name:\tUid: 7\n")) == nil)
    }

    @Test func onlyVariablesOfEtcdAreTaken() {
        let text = "PATH=/bin\0ETCD_NAME=a=b\0ETCD_NAME=second\0ETCD\0AWS_SECRET_ACCESS_KEY=x\0"
        #expect(ProcessFiles.environment(bytes(text), prefix: "ETCD_") == ["ETCD_NAME": "a=b"])
    }

    @Test func mappingsAreExecutableFilesOnce() {
        let text = """
            55d0-55d1 r--p 00000000 08:01 11                         /usr/bin/kubelet
            55d1-55d2 r-xp 00001000 08:01 11                         /usr/bin/kubelet
            7f00-7f01 r-xp 00000000 08:01 12                         /usr/lib/libssl.so.3 (deleted)
            7f01-7f02 r-xp 00001000 08:01 12                         /usr/lib/libssl.so.3 (deleted)
            7f02-7f03 r-xp 00000000 00:00 0                          [vdso]
            7f03-7f04 rwxp 00000000 00:00 0
            7f04-7f05 r-xp 00000000 08:01 13                         /opt/with blank/x.so
            """
        #expect(
            ProcessFiles.executableMappings(bytes(text)) == [
                .init(path: "/usr/bin/kubelet", device: "08:01", inode: 11, isDeleted: false),
                .init(path: "/usr/lib/libssl.so.3", device: "08:01", inode: 12, isDeleted: true),
                .init(path: "/opt/with blank/x.so", device: "08:01", inode: 13, isDeleted: false),
            ])
    }

    private static let id = String(repeating: "4f2c", count: 16)

    @Test(arguments: [
        ("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-\(id).scope\n", true),
        ("0::/kubepods.slice/kubepods-besteffort.slice/crio-\(id).scope/container\n", true),
        ("12:cpu:/docker/\(id)\n", true),
        ("3:memory:/kubepods/besteffort/pod4a5b/\(id)\n", true),
        ("0::/system.slice/containerd.service/kubepods-besteffort-pod1.slice:cri-containerd:\(id)\n", true),
        ("0::/system.slice/kubelet.service\n", false),
        ("0::/\n", false),
        ("0::/user.slice/\(id.dropLast())\n", false),
        ("0::/x/\(id.uppercased())\n", false),
        ("garbage", false),
    ])
    func containersAreKnownByTheirControlGroup(text: String, isContained: Bool) {
        #expect(ProcessFiles.container(bytes(text)) == (isContained ? Self.id : nil))
    }

    @Test(
        arguments: [
            (["kube-apiserver", "--x"], nil, "kube-apiserver"),
            (["/usr/local/bin/kubelet"], nil, "kubelet"),
            (["/hyperkube", "kubelet"], "/hyperkube", "kubelet"),
            (["runsc-sandbox", "boot"], "/usr/bin/runsc", "runsc-sandbox"),
            (["/usr/bin/containerd-shim-runc-v2", "-id", "x"], nil, "containerd-shim-runc-v2"),
            (["custom-name"], "/usr/bin/etcd (deleted)", "etcd"),
            (["nginx"], "/usr/sbin/nginx", nil),
            (["kubelet-helper"], nil, nil),
            ([""], nil, nil),
        ] as [([String], String?, String?)])
    func componentsAreKnownByWhatTheyAreCalled(arguments: [String], executable: String?, expected: String?) {
        #expect(ProgramName.of(arguments: arguments, executable: executable) == expected)
    }

    @Test func flagsAreReadAsComponentsReadThem() {
        let values = ComponentFlags.values(of: ["crio", "--a=1", "--b", "2", "-c", "--d_e=x=y", "--a", "3", "loose", "-", "-d", "-"])
        #expect(values == ["a": ["1", "3"], "b": ["2"], "c": ["true"], "d-e": ["x=y"], "d": ["-"]])
        // Of a component it is known which flags take no argument, so that the collector and those who judge read the same.
        let kubelet = ComponentFlags.values(of: ["/usr/bin/kubelet", "--runonce", "/a", "--config", "--b", "-c=x", "--", "--root-dir=/x"])
        #expect(kubelet == ["runonce": ["true"], "config": ["--b"]])
        #expect(ComponentFlags.values(of: []).isEmpty && ComponentFlags.values(of: ["x", "--a", "--b"]) == ["a": ["true"], "b": ["true"]])
    }

    // MARK: - Sockets

    @Test(arguments: [
        ("0100007F:1F90", "127.0.0.1", 8080), ("00000000:01BB", "0.0.0.0", 443),
        ("00000000000000000000000000000000:280A", "::", 10250), ("00000000000000000000000001000000:0050", "::1", 80),
        ("0000000000000000FFFF00000100007F:0050", "::ffff:127.0.0.1", 80),
        ("B80D0120000000000000000001000000:0050", "2001:db8::1", 80), ("B80D0120010000000000000001000000:0050", "2001:db8:0:1::1", 80),
    ])
    func addressesAreThoseOfTheMachine(text: String, address: String, port: Int) {
        let table = "  sl  local_address\n   0: \(text) 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0\n"
        #expect(SocketTable.waiting(bytes(table), isTCP: true) == [.init(address: address, port: port, inode: 4711)])
        #expect(SocketTable.waiting(bytes(table), isTCP: false).isEmpty)
    }

    @Test(arguments: [
        "0: 0100007F 0 0A", "", "0: XX00007F:1F90 0 0A 0 0 0 0 0 1 0", "0: 0100007F:0000 0 0A 0 0 0 0 0 1 0", "0: 01:1F90 0 0A 0 0 0 0 0 1 0",
    ])
    func linesThatMakeNoSenseAreLeftOut(line: String) {
        #expect(SocketTable.waiting(bytes("header\n\(line)\n"), isTCP: true).isEmpty)
    }

    @Test func socketsAreKnownByTheirLink() {
        #expect(SocketTable.inode(ofLink: "socket:[4711]") == 4711)
        #expect(SocketTable.inode(ofLink: "pipe:[4711]") == nil)
        #expect(SocketTable.inode(ofLink: "socket:[x]") == nil)
    }

    // MARK: - The system

    @Test func theFirstNameOfANumberCounts() {
        #expect(
            SystemFiles.names(bytes("root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/x\nbad\nbig:x:4294967296:0\netcd:x:998:998")) == [
                0: "root", 998: "etcd",
            ])
    }

    @Test func assignmentsLoseTheirQuotes() {
        let text = "ID=debian\nVERSION_ID=\"12\"\n# NAME=x\nPRETTY_NAME='A B'\nODD=\"a\\\"b\"\n"
        #expect(SystemFiles.assignments(bytes(text)) == ["ID": "debian", "VERSION_ID": "12", "PRETTY_NAME": "A B", "ODD": "a\"b"])
    }

    @Test func smallFilesOfTheKernel() {
        #expect(SystemFiles.modules(bytes("overlay 1 0 - Live 0x0\nbr_netfilter 2 0\n")) == ["br_netfilter", "overlay"])
        #expect(SystemFiles.bootTime(bytes("cpu 1 2\nbtime 1764000000\n")) == Timestamp(secondsSinceEpoch: 1_764_000_000))
        #expect(SystemFiles.chosen(bytes("none [integrity] confidentiality\n")) == "integrity")
        #expect(SystemFiles.chosen(bytes("none")) == nil)
        #expect(
            MountTable.types(ofDevice: 21, in: bytes("22 1 0:21 / /proc rw,nosuid shared:12 - proc proc rw\n23 1 0:22 / /x rw - tmpfs t rw\n")) == [
                "proc"
            ])
    }

    @Test(
        arguments: [
            // A directory of a Pod with some of the machine mounted into it.
            (["/host/etc/kubernetes", "/host/var/a\\040b", "/proc"], "/host", ["/etc/kubernetes", "/var/a b"]),
            // The machine's own root, mounted as a whole; a disk; a tree of files; one with what a program in it needs.
            (["/host", "/host/etc", "/proc"], "/host", nil), (["/", "/proc"], "/", nil), (["/", "/hostile"], "/host", nil),
            (["/", "/tree/proc", "/tree/dev", "/tree/dev/pts", "/tree/sys"], "/tree", nil),
        ] as [([String], String, [String]?)])
    func rootsMayBeInPieces(points: [String], root: String, expected: [String]?) {
        let table = points.map { "22 1 0:21 / \($0) rw,nosuid shared:1 - ext4 /dev/x rw\n" }.joined()
        #expect(MountTable.pieces(below: FilePath(root), in: bytes(table)) == expected?.map { FilePath($0) })
    }

    @Test(arguments: ["", "cpu 1 2\n", "btime x\n", "btime 99999999999999999999\n"])
    func timesThatMakeNoSenseAreNone(text: String) { #expect(SystemFiles.bootTime(bytes(text)) == nil) }

    @Test func namesThatAreNoTextStayApart() {
        #expect(EvidenceText.of([0x61, 0xFF, 0xE2, 0x82]) == "a\\xff\\xe2\\x82")
        #expect(EvidenceText.of(Array("ä«".utf8)) == "ä«")
    }

    @Test func shimsNameTheirRuntime() {
        #expect(Shim.runtime(ofBinary: "/usr/bin/containerd-shim-runc-v2") == "io.containerd.runc.v2")
        #expect(Shim.runtime(ofBinary: "/opt/containerd-shim-kata-clh-v2") == "io.containerd.kata-clh.v2")
        #expect(Shim.runtime(ofBinary: "/usr/bin/runc") == nil)
        #expect(Shim.runtime(ofBinary: "containerd-shim-x") == nil)
    }

    @Test(arguments: [
        ("v1.31.2", "1.31.2"), ("1.31.2-1.1", "1.31.2"), ("0:1.31.2-150500.1.1", "1.31.2"), ("v1.30.4-eks-a737599", "1.30.4"), ("1.31", "1.31"),
        ("latest", nil), ("2.0.1", nil), ("1", nil), ("1..2", nil),
    ])
    func versionsAreFound(text: String, expected: String?) { #expect(KubernetesRelease.version(text) == expected) }

    @Test(arguments: [
        ("registry.k8s.io/kube-apiserver:v1.31.2", "1.31.2"), ("host:5000/kube-apiserver-amd64:v1.31.2@sha256:00", "1.31.2"),
        ("host:5000/kube-apiserver", nil),
        ("registry.k8s.io/etcd:3.5.1", nil),
    ])
    func imagesTellTheVersion(image: String, expected: String?) {
        #expect(KubernetesRelease.version(ofImage: image, named: "kube-apiserver") == expected)
    }
}
