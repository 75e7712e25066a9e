import Advisories
import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// A new kernel on the disk mends nothing until the machine starts it.
    ///
    /// Evidence: `os.kernel`, `os.kernelBuild`, `kernel.installed`, `packages`. Allowed: the kernel that runs is the newest of its kind
    /// that is installed. Needs no advisories.
    static let kernelNotRebooted = Control(
        id: "kernel-not-rebooted",
        title: "Reboot nodes into the kernel that is installed",
        severity: .medium,
        duty: "A4",
        summary: "A newer kernel is installed than the one that runs, so what it mends is still open.",
        remedy: "Drain the node and reboot it, or replace it.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os: {kernel: 6.1.0-18-amd64}
            kernel: {installed: [6.1.0-17-amd64, 6.1.0-18-amd64, 6.1.0-20-cloud-amd64]}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os:
              kernel: 6.1.0-17-amd64 # ✗
            kernel: {installed: [6.1.0-17-amd64, 6.1.0-18-amd64]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os:
              kernel: 6.1.0-18-amd64 # ✗
              kernelBuild: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)"
            kernel: {installed: [6.1.0-18-amd64]}
            packages:
            - {name: linux-image-6.1.0-18-amd64, version: 6.1.85-1, source: linux-signed-amd64, manager: dpkg}
            """,
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence else { return }
            guard let system = try evidence.system, !system.kernel.isEmpty else {
                return report.notObservable(evidence.root, "the evidence does not say which kernel runs")
            }
            let place = system.place["kernel"]
            let packages = KernelPackage.all(in: try evidence.packages ?? [])
            let own = KernelRelease(system.kernel)
            let packaged = packages.map(\.release).filter { KernelRelease($0).family == own.family }
            var kin = try evidence.installedKernels?.filter { KernelRelease($0).family == own.family } ?? packaged
            // A directory of modules may outlive its kernel; where packages hold kernels of this kind, they tell which are installed.
            if !packaged.isEmpty { kin = kin.filter(Set(packaged).contains) }
            guard !kin.isEmpty else {
                return report.notObservable(place, "the evidence shows no installed kernel of the kind that runs, \(system.kernel)")
            }
            let newest = kin.max { VersionOrder.rpm.compare($0, $1) == .less } ?? system.kernel
            if VersionOrder.rpm.compare(system.kernel, newest) == .less {
                report.fail(place, "\(system.kernel) runs, \(newest) is installed", value: newest)
            } else if let built = KernelPackage.running(system, among: []), let installed = packages.first(where: { $0.release == system.kernel }),
                VersionOrder.debian.compare(built, installed.version) == .less
            {
                report.fail(
                    place, "\(system.kernel) runs as it was built for \(built); its package has been upgraded to \(installed.version)",
                    value: installed.version)
            }
        })
}
