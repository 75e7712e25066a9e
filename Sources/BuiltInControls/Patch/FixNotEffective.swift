import Advisories
import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// The most treacherous state of a fix: the package database says that all is well, and the hole is as open as before.
    ///
    /// Evidence: the kernel that runs against the newest installed one, and `processes[].replaced` against the packages that hold those files,
    /// with the advisories of `--advisories`. Allowed: no advisory that the installed version mends and the running one does not. Of a
    /// library, only what its installed version brought itself is said: which version ran before is not known.
    static let fixNotEffective = Control(
        id: "fix-not-effective",
        title: "Put installed fixes into force",
        severity: .high,
        duty: "A4",
        summary: "A fix is installed and not in force: the kernel was not rebooted, or a process still runs the former library.",
        remedy: "Reboot the node, or restart the process named in the finding.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os: {id: debian, versionID: "12", kernel: 6.1.0-18-amd64}
            packages:
            - {name: linux-image-6.1.0-18-amd64, version: 6.1.76-1, source: linux-signed-amd64, manager: dpkg}
            - {name: libssl3, version: 3.0.11-1~deb12u3, source: openssl, manager: dpkg}
            processes:
            - {name: kubelet, pid: 901, replaced: []}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os:
              id: debian
              versionID: "12"
              kernel: 6.1.0-17-amd64 # ✗
            packages:
            - {name: linux-image-6.1.0-17-amd64, version: 6.1.69-1, source: linux-signed-amd64, manager: dpkg}
            - {name: linux-image-6.1.0-18-amd64, version: 6.1.76-1, source: linux-signed-amd64, manager: dpkg}
            - {name: libssl3, version: 3.0.11-1~deb12u3, source: openssl, manager: dpkg}
            processes:
            - name: kube-apiserver
              replaced:
              - /usr/lib/x86_64-linux-gnu/libssl.so.3 # ✗
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence, let patches = try report.patches(of: evidence) else { return }
            try report.judgeKernel(of: evidence)
            try report.judgeProcesses(of: evidence, patches)
            if let unreadable = patches.unreadable { throw unreadable }
        })
}

extension Report {
    fileprivate mutating func judgeKernel(of evidence: EvidenceDocument) throws(WrongType) {
        guard let system = try evidence.system, !system.kernel.isEmpty, let packages = try evidence.packages,
            !KernelPackage.all(in: packages).isEmpty, let kernel = try runningKernel(of: evidence), let newest = kernel.newest
        else { return }
        let installed = kernel.installed?.standings ?? [:]
        let open = kernel.running.sorted.compactMap { standing -> PatchStanding? in
            let state = standing.state.running(
                kernel.version, installed: installed[standing.advisory]?.state ?? .notAffected, version: newest.version)
            if case .fixedNotEffective = state { return standing.with(state) }
            return nil
        }
        guard !open.isEmpty else { return }
        fail(
            system.place["kernel"],
            "\(Advice.count(open)) that the installed kernel \(newest.release) (\(newest.version)) mends and the running \(system.kernel) (\(kernel.version)) does not: \(Advice.list(of: open))",
            value: newest.version, patch: .fixNotRolledOut)
    }

    fileprivate mutating func judgeProcesses(of evidence: EvidenceDocument, _ patches: NodePatches) throws(WrongType) {
        for process in try evidence.processes ?? [] {
            sayWhatReplacementIsUnknown(of: process)
            // Several files of one package are one fault.
            var told: Set<String> = []
            for path in try process.replaced {
                guard let text = try path.string(),
                    let source = patches.sources.first(where: { $0.packages.contains { LibraryPackage.holds($0.name, file: text) } }),
                    told.insert(source.name).inserted
                else { continue }
                let open = source.standings { standing in
                    if case .fixedInstalled(let since) = standing.state { since == source.version } else { false }
                }
                guard !open.isEmpty else { continue }
                let name = process.name.isEmpty ? "a process" : process.name
                fail(
                    path,
                    "\(name) still runs the former \(text): \(Advice.count(open)) that \(source.name) \(source.version) mends are open in it: \(Advice.list(of: open))",
                    value: "\(name) \(source.name)", patch: .fixNotRolledOut)
            }
        }
    }
}

/// Which package holds a file, by the rules that packages are named by: the evidence has no lists of files.
enum LibraryPackage {
    /// Libraries whose packages are not named after them (Debian, Ubuntu; Red Hat).
    private static let known: [String: [String]] = [
        "libcrypto.so.3": ["libssl3", "libssl3t64", "openssl-libs"], "libcrypto.so.1.1": ["libssl1.1", "openssl-libs"],
        "libssl.so.3": ["openssl-libs"],
        "libc.so.6": ["libc6", "glibc"], "ld-linux-x86-64.so.2": ["libc6", "glibc"], "ld-linux-aarch64.so.1": ["libc6", "glibc"],
        "libm.so.6": ["libc6", "glibc"], "libpthread.so.0": ["libc6", "glibc"], "libresolv.so.2": ["libc6", "glibc"],
        "libdl.so.2": ["libc6", "glibc"],
        "librt.so.1": ["libc6", "glibc"], "libz.so.1": ["zlib1g", "zlib"], "libgcc_s.so.1": ["libgcc-s1", "libgcc"],
        "libstdc++.so.6": ["libstdc++6", "libstdc++"], "libgssapi_krb5.so.2": ["libgssapi-krb5-2", "krb5-libs"],
        "libkrb5.so.3": ["libkrb5-3", "krb5-libs"],
    ]

    /// - Parameters:
    ///   - package: the name of a binary package.
    ///   - file: a path; a version behind the one in the name of the library does not count.
    static func holds(_ package: String, file: String) -> Bool {
        guard let name = file.split(separator: "/").last.map(String.init) else { return false }
        guard let mark = position(of: ".so", in: name) else {
            return package == name && ["/bin/", "/sbin/"].contains { file.dropLast(name.count).hasSuffix($0) }
        }
        let stem = name[..<mark].lowercased().map { $0 == "_" ? "-" : $0 }
        let numbers = name[name.index(mark, offsetBy: 3)...].drop { $0 == "." }.split(separator: ".").map(String.init)
        if let packages = known["\(name[..<mark]).so.\(numbers.first ?? "")"]
            ?? known["\(name[..<mark]).so.\(numbers.prefix(2).joined(separator: "."))"],
            packages.contains(package)
        {
            return true
        }
        // `libfoo.so.1` is in `libfoo1`, `libfoo2.so.1` in `libfoo2-1`; since 2024 the former may end in `t64`.
        let base = String(stem)
        return (1...2).contains { count in
            guard numbers.count >= count else { return false }
            let version = numbers.prefix(count).joined(separator: ".")
            let expected = base.last?.isNumber == true ? "\(base)-\(version)" : base + version
            return package == expected || package == expected + "t64"
        }
    }

    private static func position(of text: String, in name: String) -> String.Index? {
        name.indices.first { name[$0...].hasPrefix(text) && $0 > name.startIndex }
    }
}
