internal import Documents
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension Gathering {
    /// The operating system, and what the kernel calls itself.
    mutating func gatherSystem() {
        let release = (systemFile("/etc/os-release") ?? systemFile("/usr/lib/os-release")).map { SystemFiles.assignments($0) } ?? [:]
        evidence.system.id = release["ID"]
        evidence.system.versionID = release["VERSION_ID"]
        evidence.system.prettyName = release["PRETTY_NAME"]
        evidence.system.variantID = release["VARIANT_ID"]
        evidence.system.imageID = release["IMAGE_VERSION"] ?? release["BUILD_ID"]
        evidence.system.kernel = kernelFile("/sys/kernel/osrelease")?.firstLine
        evidence.system.kernelBuild = kernelFile("/sys/kernel/version")?.firstLine
        if isLive {
            var names = utsname()
            if uname(&names) == 0 {
                evidence.system.architecture = withUnsafeBytes(of: &names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            }
        }
        if let boot = kernelFile("/stat").flatMap(SystemFiles.bootTime) { evidence.system.bootedAt = boot.description }
        evidence.nodeName = options.nodeName ?? hostName
    }

    /// The kubelet takes the machine's name in lower case unless it is told another one, which `gatherProcesses` finds out.
    private var hostName: String? {
        mutating get {
            let name = options.root == "/" ? kernelFile("/sys/kernel/hostname")?.firstLine : nil
            let other = name ?? systemFile("/etc/hostname")?.firstLine
            return other.flatMap { $0.isEmpty ? nil : $0.lowercased() }
        }
    }

    /// A file of the kernel; nil where it is not there, as many are on kernels without the feature.
    mutating func kernelFile(_ path: FilePath, limit: Int = 4 << 20) -> [UInt8]? {
        guard let processFiles else { return nil }
        do throws(Errno) {
            return try processFiles.read(path, limit: limit)
        } catch {
            if error != .noSuchFileOrDirectory, error != .notDirectory { refuse("/proc\(path.evidenceText)", .read, error) }
            return nil
        }
    }

    /// Settings, modules and protections of the kernel.
    mutating func gatherKernel() {
        for name in KernelSettings.global { readSetting(name) }
        if seesMachinesNetwork {
            for name in KernelSettings.network { readSetting(name) }
        } else if processFiles != nil {
            note(
                Refusal(
                    path: "/proc/sys/net", operation: .look,
                    error: "the collector runs in another network namespace than the machine, so these would be its own settings"))
        }
        evidence.kernel.modules = kernelFile("/modules").map { SystemFiles.modules($0) }
        evidence.kernel.commandLine = kernelFile("/cmdline").map { bytes in
            ArgumentRedaction.redact(bytes.firstLine.split(separator: " ").map(String.init)).arguments.joined(separator: " ")
        }
        if processFiles != nil {
            evidence.kernel.lockdown = systemFile("/sys/kernel/security/lockdown").flatMap(SystemFiles.chosen)
            for (name, path) in KernelSettings.files { if let text = systemFile(path)?.firstLine { evidence.kernel.settings[name] = text } }
        }
        evidence.kernel.installed = installedKernels
    }

    private mutating func readSetting(_ name: String) {
        guard let bytes = kernelFile(FilePath("/sys/" + name.split(separator: ".").joined(separator: "/"))) else { return }
        evidence.kernel.settings[name] = bytes.firstLine
    }

    /// Settings of the network belong to a namespace. In a Pod without `hostNetwork` those of `/proc/sys` are the Pod's own.
    private var seesMachinesNetwork: Bool {
        guard let processFiles, processFiles.isReal else { return processFiles != nil }
        guard let own = (try? RootDirectory(opening: "/proc/self/ns")).flatMap({ try? $0.place(of: "/") })?.parent else { return false }
        guard let machines = (try? processFiles.directory.place(of: "/1/ns"))?.parent else { return false }
        // Of another user's process this is refused without the capability; then nothing is known.
        guard let one = try? own.linkTarget("net"), let other = try? machines.linkTarget("net") else {
            return options.root == "/" && getpid() != 1 && isSoleNamespace
        }
        return one == other
    }

    /// Without the right to compare: outside of containers the collector's control group is no container's.
    private var isSoleNamespace: Bool {
        guard let own = try? RootDirectory(opening: "/proc/self").place(of: "/cgroup").read(limit: 1 << 16) else { return false }
        return ProcessFiles.container(own.bytes) == nil && own.bytes != Array("0::/\n".utf8)
    }

    /// Kernels that could be booted: each has a directory of modules, an image, or both.
    private var installedKernels: [String]? {
        mutating get {
            let modules = systemNames("/lib/modules")
            let images = systemNames("/boot")
            guard modules != nil || images != nil else { return nil }
            let names =
                (modules ?? []).map(\.string)
                + (images ?? []).compactMap { name in
                    name.string.hasPrefix("vmlinuz-") ? String(name.string.dropFirst(8)) : nil
                }
            // A release begins with a number; `vmlinuz-linux` and the like say nothing.
            return Set(names.filter { $0.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false }).sorted()
        }
    }
}

/// What of the kernel bears on the hardening of a node.
enum KernelSettings {
    /// By the names of sysctl(8). Sources: the kernel's Documentation/admin-guide/sysctl/{kernel,fs,vm,user}.rst; those that the kubelet's
    /// `protectKernelDefaults` wants are `kernel.panic`, `kernel.panic_on_oops`, `vm.overcommit_memory`, `vm.panic_on_oom` and the two of `kernel.keys`.
    static let global = [
        "kernel.kptr_restrict", "kernel.dmesg_restrict", "kernel.unprivileged_bpf_disabled", "kernel.panic", "kernel.panic_on_oops",
        "kernel.keys.root_maxkeys", "kernel.keys.root_maxbytes", "kernel.kexec_load_disabled", "kernel.yama.ptrace_scope",
        "kernel.unprivileged_userns_clone", "kernel.seccomp.actions_avail", "kernel.seccomp.actions_logged", "kernel.perf_event_paranoid",
        "kernel.randomize_va_space", "kernel.modules_disabled", "kernel.sysrq", "kernel.core_pattern", "kernel.io_uring_disabled", "kernel.tainted",
        "kernel.apparmor_restrict_unprivileged_userns", "kernel.pid_max", "kernel.hung_task_panic", "vm.overcommit_memory", "vm.panic_on_oom",
        "vm.mmap_min_addr", "vm.unprivileged_userfaultfd", "fs.protected_hardlinks", "fs.protected_symlinks", "fs.protected_fifos",
        "fs.protected_regular", "fs.suid_dumpable", "fs.inotify.max_user_instances", "fs.inotify.max_user_watches", "user.max_user_namespaces",
        "net.core.bpf_jit_harden", "dev.tty.ldisc_autoload",
    ]

    /// Those of one network namespace (Documentation/networking/ip-sysctl.rst).
    static let network = [
        "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables",
        "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.default.rp_filter", "net.ipv4.conf.all.accept_redirects",
        "net.ipv4.conf.default.accept_redirects",
        "net.ipv4.conf.all.send_redirects", "net.ipv4.conf.all.accept_source_route", "net.ipv4.conf.all.log_martians",
        "net.ipv4.conf.all.route_localnet", "net.ipv6.conf.all.accept_redirects", "net.ipv6.conf.all.accept_ra", "net.ipv4.tcp_syncookies",
        "net.ipv4.icmp_echo_ignore_broadcasts", "net.ipv4.ip_unprivileged_port_start", "net.netfilter.nf_conntrack_max",
    ]

    /// Protections that say in a file of `/sys` whether they are on.
    static let files: [(name: String, path: FilePath)] = [
        ("apparmor.enabled", "/sys/module/apparmor/parameters/enabled"), ("selinux.enforce", "/sys/fs/selinux/enforce"),
        ("lsm", "/sys/kernel/security/lsm"), ("fips.enabled", "/proc/sys/crypto/fips_enabled"),
    ]
}
