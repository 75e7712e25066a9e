import Controls
import Foundation
import NodeEvidence
import Testing

@testable import BuiltInControls

/// A containerd of our own with a task in gVisor and one without, judged by what the machine shows of them.
@Suite(.serialized, .enabled(if: RealContainerd.isAvailable, "\(RealContainerd.whyNot)"))
struct RealSandboxTests {
    @Test func aRealSandboxIsToldFromAClaim() throws {
        let machine = try RealContainerd()
        defer { machine.stop() }
        try machine.run("honest", binary: machine.directory + "/bin/runsc")
        try machine.run("liar", binary: nil)
        let evidence = try machine.evidence()

        for (name, isKept) in [("honest", true), ("liar", false)] {
            let pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: \(name), namespace: shop}
                spec:
                  runtimeClassName: gvisor
                  containers: [{name: app, image: registry.example.com/app:1.0}]
                """
            let judgement = judge([.sandboxClaims], "\(pod)\n---\n\(evidence)")
            #expect(judgement.gaps.isEmpty && judgement.passed == (isKept ? 1 : 0), "\(judgement.findings.map(\.message))")
            if !isKept {
                let finding = try #require(judgement.findings.first)
                #expect(finding.verdict == .fail && finding.fieldPath == "spec.runtimeClassName" && judgement.findings.count == 1)
                #expect(
                    finding.message
                        == "the Pod claims the sandbox 'gvisor', and on node-1 container 'app' runs under io.containerd.runc.v2, which is runc and no sandbox"
                )
            }
        }
        // The same configuration: the handler called gvisor is gVisor, the one called runsc is not.
        let handlers = judge([.sandboxHandlers], evidence)
        #expect(handlers.findings.map(\.value) == ["runsc"] && handlers.gaps.isEmpty, "\(handlers.findings.map(\.message))")
    }
}

/// containerd in a folder of its own, on its own socket, which touches nothing of the machine's.
private final class RealContainerd {
    static let programs = ["containerd", "containerd-shim-runc-v2", "ctr", "runc", "runsc"]
    static let isAvailable = whyNot.isEmpty
    static let whyNot: String = {
        if geteuid() != 0 { return "containerd needs root" }
        let missing = programs.filter { find($0) == nil } + (staticShell == nil ? ["a static busybox"] : [])
        return missing.isEmpty ? "" : "not installed: \(missing.joined(separator: ", ")) (Debian: containerd, runc, runsc, busybox-static)"
    }()

    static func find(_ program: String) -> String? {
        ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin", "/sbin"].map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A program that needs no library is all that the tasks consist of.
    static let staticShell = find("busybox").flatMap { path in
        guard let data = FileManager.default.contents(atPath: path), data.range(of: Data("/lib64/ld-linux".utf8)) == nil else {
            return nil as String?
        }
        return path
    }

    let directory: String
    private var server: pid_t = 0
    private var tasks: [String] = []

    init() throws {
        // The path of a socket has a hundred bytes.
        directory = "/tmp/demarc-" + UUID().uuidString.prefix(8)
        for folder in ["rootfs/bin", "rootfs/proc", "rootfs/dev", "rootfs/sys", "bin"] {
            try FileManager.default.createDirectory(atPath: "\(directory)/\(folder)", withIntermediateDirectories: true)
        }
        let shell = try #require(Self.staticShell)
        try FileManager.default.copyItem(atPath: shell, toPath: directory + "/rootfs/bin/busybox")
        // Without a network plugin the sandbox has no network to set up.
        let runsc = try #require(Self.find("runsc"))
        try "#!/bin/sh\nexec \(runsc) --network=none \"$@\"\n".write(toFile: directory + "/bin/runsc", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory + "/bin/runsc")
        try configuration.write(toFile: directory + "/config.toml", atomically: true, encoding: .utf8)
        try start(try #require(Self.find("containerd")))
        // The client waits for the socket.
        try #require(try control(["version"]) == 0, "containerd did not start")
    }

    /// Not by `Process`: it watches its child by a descriptor that shims inherit, and so would wait for them.
    private func start(_ program: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream in 0...2 as ClosedRange<Int32> { posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0) }
        // Threads of Dispatch have signals blocked, which the child would keep.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), strdup("--config"), strdup(directory + "/config.toml"), nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), nil]
        defer { for text in arguments + environment { free(text) } }
        let code = posix_spawn(&server, program, &actions, &attributes, &arguments, &environment)
        try #require(code == 0, "containerd cannot be started: \(code)")
    }

    var configuration: String {
        """
        version = 2
        root = "\(directory)/root"
        state = "\(directory)/state"
        disabled_plugins = ["io.containerd.grpc.v1.cri"]
        [grpc]
          address = "\(directory)/s"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.gvisor]
          runtime_type = "io.containerd.runc.v2"
          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.gvisor.options]
            BinaryName = "\(directory)/bin/runsc"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
          runtime_type = "io.containerd.runc.v2"
        """
    }

    func run(_ name: String, binary: String?) throws {
        tasks.append(name)
        let status = try control(
            ["run", "-d", "--rootfs", "--runtime", "io.containerd.runc.v2", "--runc-root", directory + "/runtime"]
                + (binary.map { ["--runc-binary", $0] } ?? [])
                + [directory + "/rootfs", name, "/bin/busybox", "sleep", "600"])
        try #require(status == 0, "the task \(name) did not start: \(complaint)")
    }

    /// What a collector would see: the bundles of the tasks, and the programs that their shims run.
    func evidence() throws -> String {
        var lines = ["apiVersion: demarc.dev/v1alpha1", "kind: NodeEvidence", "nodeName: node-1", "containers:"]
        let bundles = directory + "/state/io.containerd.runtime.v2.task/k8s.io"
        for name in try FileManager.default.contentsOfDirectory(atPath: bundles).sorted() {
            let binary = (try? String(contentsOfFile: "\(bundles)/\(name)/runtime", encoding: .utf8)) ?? ""
            let programs = try programs(ofTask: name)
            lines.append(
                "- {id: \(name), shim: io.containerd.runc.v2, binary: '\(binary)', podName: \(name), podNamespace: shop, containerName: app, "
                    + "processes: [\(programs.joined(separator: ", "))]}"
            )
        }
        lines += ["processes:", "- {name: containerd, argv: [containerd, --config, \(directory)/config.toml]}", "files:"]
        lines += ["- path: \(directory)/config.toml", "  content: |"] + configuration.split(separator: "\n").map { "    \($0)" }
        return lines.joined(separator: "\n")
    }

    /// Programs whose parent is the shim of a task.
    private func programs(ofTask name: String) throws -> [String] {
        let processes = try processes()
        let shim = processes.first {
            $0.program == "containerd-shim-runc-v2" && $0.arguments.contains(name) && $0.arguments.contains(directory + "/s")
        }
        return processes.filter { $0.parent == shim?.pid }.map(\.program).sorted()
    }

    private struct Entry {
        let pid: pid_t
        let parent: pid_t
        let program: String
        let arguments: [String]
    }

    private func processes() throws -> [Entry] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
            guard let pid = pid_t(name), let status = try? String(contentsOfFile: "/proc/\(name)/status", encoding: .utf8),
                let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
                let parent = status.split(separator: "\n").first(where: { $0.hasPrefix("PPid:") })?.split(separator: "\t").last.flatMap({ pid_t($0) })
            else { return nil }
            let arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard let first = arguments.first else { return nil }
            return Entry(pid: pid, parent: parent, program: first.split(separator: "/").last.map(String.init) ?? first, arguments: arguments)
        }
    }

    /// What the last command of the client said on standard error.
    private var complaint: String { (try? String(contentsOfFile: directory + "/complaint", encoding: .utf8)) ?? "" }

    private func control(_ arguments: [String]) throws -> Int32 {
        _ = FileManager.default.createFile(atPath: directory + "/complaint", contents: nil)
        let client = Process()
        client.executableURL = URL(filePath: try #require(Self.find("ctr")))
        client.arguments = ["--address", directory + "/s", "--connect-timeout", "20s", "--namespace", "k8s.io"] + arguments
        client.standardOutput = FileHandle.nullDevice
        client.standardError = FileHandle(forWritingAtPath: directory + "/complaint")
        try client.run()
        client.waitUntilExit()
        return client.terminationStatus
    }

    /// Processes that work for this server: its shims, by their arguments, and what these started.
    private var workers: [pid_t] {
        let processes = (try? processes()) ?? []
        let shims = Set(processes.filter { $0.arguments.contains(directory + "/s") && $0.program == "containerd-shim-runc-v2" }.map(\.pid))
        return processes.filter { shims.contains($0.pid) || shims.contains($0.parent) }.map(\.pid)
    }

    /// Ends what was started here, by its process id, and nothing else.
    func stop() {
        for task in tasks {
            _ = try? control(["task", "kill", "--signal", "9", task])
            _ = try? control(["task", "rm", "--force", task])
        }
        for worker in workers { kill(worker, SIGKILL) }
        if server > 0 {
            kill(server, SIGKILL)
            waitpid(server, nil, 0)
        }
        try? FileManager.default.removeItem(atPath: directory)
    }
}
