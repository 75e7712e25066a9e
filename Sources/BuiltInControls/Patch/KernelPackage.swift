import Advisories
import Documents
import NodeEvidence

/// The kernel that runs and the packages that hold kernels.
struct KernelPackage {
    let package: EvidencePackage
    /// As `uname -r` would give it: `6.1.0-18-amd64`.
    let release: String

    var version: String { package.installed.sourceVersion }

    /// Whether a source package is a kernel's.
    static func isKernel(source: String) -> Bool {
        ["linux", "kernel", "kernel-rt"].contains(source)
            || source.hasPrefix("linux-") && !["linux-base", "linux-atm", "linux-firmware", "linux-sound-base"].contains(source)
    }

    /// Images of the kernel: `linux-image-RELEASE` of Debian and Ubuntu, `kernel-core` and `kernel` of Red Hat.
    static func all(in packages: [EvidencePackage]) -> [KernelPackage] {
        packages.compactMap { package in
            if package.name.hasPrefix("linux-image-") {
                var release = package.name.dropFirst("linux-image-".count)
                if release.hasPrefix("unsigned-") { release = release.dropFirst("unsigned-".count) }
                // Names without a number only follow the newest: `linux-image-amd64`.
                guard release.first?.isNumber == true, !release.hasSuffix("-dbg") else { return nil }
                return KernelPackage(package: package, release: String(release))
            }
            guard ["kernel", "kernel-core", "kernel-rt", "kernel-rt-core"].contains(package.name) else { return nil }
            let version = package.version.split(separator: ":").last.map(String.init) ?? package.version
            return KernelPackage(package: package, release: package.architecture.isEmpty ? version : version + "." + package.architecture)
        }
    }

    /// The version of the package that the running kernel was built as. Debian writes it into the kernel itself, where it tells even that a
    /// package was upgraded under the same name.
    static func running(_ system: EvidenceSystem, among kernels: [KernelPackage]) -> String? {
        if let mark = system.kernelBuild.range(of: "Debian ") {
            let version = system.kernelBuild[mark.upperBound...].prefix { $0 != " " }
            if VersionOrder.debian.reads(String(version)) { return String(version) }
        }
        return kernels.first { $0.release == system.kernel }?.version
    }
}

extension StringProtocol {
    /// Where a text stands first. Without Foundation, since a version line is all that is searched.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

/// A release of a kernel, taken apart: the numbers that order it and the flavour that must be the same.
struct KernelRelease {
    /// `6.1.0-18`
    let version: String
    /// `-amd64`, `-cloud-amd64`, `-generic`, `.el9_3.x86_64`
    let flavour: String

    init(_ release: String) {
        // The flavour begins at the first part that starts with a letter.
        var end = release.startIndex
        var position = release.startIndex
        while position < release.endIndex {
            let part = release[position...].drop { $0 == "-" || $0 == "." || $0 == "_" || $0 == "+" }
            guard let first = part.first, first.isNumber else { break }
            end = part.firstIndex { $0 == "-" || $0 == "." || $0 == "_" || $0 == "+" } ?? release.endIndex
            position = end
        }
        version = String(release[..<end])
        flavour = String(release[end...])
    }

    /// Red Hat's flavour names the minor release too, `.el9_3.x86_64`; what counts is the major one.
    var family: String {
        flavour.split(separator: ".").map { part in part.hasPrefix("el") ? String(part.prefix { $0 != "_" }) : String(part) }.joined(separator: ".")
    }
}
