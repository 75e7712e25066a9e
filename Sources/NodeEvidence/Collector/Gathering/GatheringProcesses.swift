internal import Documents
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension Gathering {
    /// All processes but those of the kernel; of the components of Kubernetes what they were started with.
    mutating func gatherProcesses() {
        guard let processFiles else { return }
        let identifiers: [Int]
        do throws(Errno) {
            identifiers = try processFiles.identifiers(limit: limits.processes)
        } catch {
            return refuse(processFiles.path, .list, error)
        }
        // A mounted /proc always shows somebody, if only the reader itself: a directory without processes is none.
        guard !identifiers.isEmpty else {
            return note(Refusal(path: processFiles.path, operation: .list, error: "there are no processes in it"))
        }
        if identifiers.count > limits.processes {
            note(Refusal(path: processFiles.path, operation: .limit, error: "more than \(limits.processes) processes; the others were not looked at"))
        }
        let bootTime = kernelFile("/stat").flatMap(SystemFiles.bootTime)
        var processes: [CollectedProcess] = []
        for identifier in identifiers.prefix(limits.processes) {
            do throws(Errno) {
                if let process = try process(identifier, in: processFiles, bootTime: bootTime) { processes.append(process) }
            } catch {
                // One that ended between the listing and the look was as good as never there.
                let ended = error == .noSuchFileOrDirectory || error == .noSuchProcess
                note(Refusal(path: "\(processFiles.path)/\(identifier)", operation: .read, error: error.description, isVanished: ended))
            }
        }
        evidence.processes = processes
        // In a container anybody may call a program so.
        if options.nodeName == nil, let kubelet = processes.first(where: { $0.name == "kubelet" && $0.container == nil }), let argv = kubelet.argv,
            let name = ComponentFlags.values(of: argv)["hostname-override"]?.last
        {
            evidence.nodeName = name
        }
    }

    private mutating func process(_ identifier: Int, in files: ProcessFileSystem, bootTime: Timestamp?) throws(Errno) -> CollectedProcess? {
        let directory = try files.process(identifier)
        guard let stat = ProcessFiles.stat(try directory.read("stat", limit: 1 << 14).bytes) else { return nil }
        let arguments = ProcessFiles.arguments(try directory.read("cmdline", limit: limits.file).bytes)
        // Threads of the kernel have no arguments; nor do processes that have ended and are not waited for.
        guard !arguments.isEmpty else { return nil }
        // Of another user's process this takes a capability.
        let executable = try? directory.linkTarget("exe").evidenceText
        let component = ProgramName.of(arguments: arguments, executable: executable)
        var process = CollectedProcess(name: component ?? stat.command, pid: identifier)
        process.uid = ProcessFiles.user(try directory.read("status", limit: 1 << 16).bytes)
        process.user = process.uid.flatMap(UInt32.init(exactly:)).flatMap { users[$0] }
        process.executable = executable.map { $0.hasSuffix(Gathering.deleted) ? String($0.dropLast(Gathering.deleted.count)) : $0 }
        process.container = (try? directory.read("cgroup", limit: 1 << 16).bytes).flatMap(ProcessFiles.container)
        if let bootTime { process.startedAt = bootTime.advanced(bySeconds: Int64(stat.started / max(1, sysconf(Int32(_SC_CLK_TCK))))).description }
        guard let component else { return process }
        let redacted = ArgumentRedaction.redact(arguments)
        redactions += redacted.count
        process.argv = redacted.arguments
        process.root = "/proc/\(identifier)/root"
        if component == "etcd" { process.environment = etcdEnvironment(of: directory, identifier) }
        process.replaced = replacedFiles(of: directory, process, isDeleted: executable?.hasSuffix(Gathering.deleted) ?? false)
        return process
    }

    private static let deleted = " (deleted)"

    private mutating func etcdEnvironment(of directory: OwnedDescriptor, _ identifier: Int) -> [String: String]? {
        do throws(Errno) {
            var variables = ProcessFiles.environment(try directory.read("environ", limit: limits.file).bytes, prefix: "ETCD_")
            for (name, value) in variables where ArgumentRedaction.isSecret(value, named: name) {
                variables[name] = EvidenceFormat.redacted
                redactions += 1
            }
            return variables
        } catch {
            refuse("/proc/\(identifier)/environ", .read, error)
            return nil
        }
    }

    /// The executable and libraries whose file on the disk is another one by now.
    ///
    /// In a container only what is marked as deleted counts: file systems that are laid over each other number their files otherwise than the kernel's
    /// table of mappings does.
    private mutating func replacedFiles(of directory: OwnedDescriptor, _ process: CollectedProcess, isDeleted: Bool) -> [String]? {
        let mappings: [ProcessFiles.Mapping]
        do throws(Errno) {
            mappings = ProcessFiles.executableMappings(try directory.read("maps", limit: limits.database).bytes)
        } catch {
            refuse("/proc/\(process.pid)/maps", .read, error)
            return isDeleted ? process.executable.map { [$0] } : nil
        }
        var replaced = Set(mappings.filter { isReplaced($0, isContained: process.container != nil) }.map(\.path))
        if isDeleted, let executable = process.executable { replaced.insert(executable) }
        return replaced.sorted()
    }

    private func isReplaced(_ mapping: ProcessFiles.Mapping, isContained: Bool) -> Bool {
        // Memory that only looks like a file.
        if mapping.path.hasPrefix("/memfd:") || mapping.path.hasPrefix("/dev/") || mapping.path.hasPrefix("/SYSV") { return false }
        if mapping.isDeleted { return true }
        guard !isContained, let now = try? root.place(of: FilePath(mapping.path)).status else { return false }
        return now.deviceText == mapping.device && now.inode != mapping.inode
    }
}

/// Programs that make up Kubernetes on a machine.
enum ProgramName {
    private static let names: Set<String> = [
        "kube-apiserver", "kube-controller-manager", "kube-scheduler", "cloud-controller-manager", "kubelet", "kube-proxy", "etcd", "containerd",
        "dockerd",
        "crio", "cri-dockerd", "conmon", "runsc", "runsc-sandbox", "runsc-gofer", "k3s", "k3s-server", "k3s-agent", "rke2", "k0s", "kubelite",
        "nodeadm",
    ]

    /// The component that a process is, nil for any other program. By what it calls itself first: one executable may be several components.
    static func of(arguments: [String], executable: String?) -> String? {
        let candidates = [arguments.first, executable].compactMap { $0 }.map { path in
            // "kube-apiserver:" and " (deleted)" are no part of the name.
            String((path.split(separator: "/").last ?? "").prefix { !" :".contains($0) })
        }
        if candidates.contains("hyperkube"), arguments.count > 1 { return names.contains(arguments[1]) ? arguments[1] : "hyperkube" }
        return candidates.first { names.contains($0) || $0.hasPrefix("containerd-shim") }
    }
}
