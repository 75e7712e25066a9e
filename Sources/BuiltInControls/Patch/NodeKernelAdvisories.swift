import Advisories
import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// All Pods of a node share its kernel: a hole in it is a way out of every container there.
    ///
    /// Evidence: `os.kernel` and `os.kernelBuild`, which tell what runs, and the package of that kernel, against the advisories of
    /// `--advisories`. Allowed: no fault that the distribution has mended in a later version. What is installed and not running does not count.
    static let nodeKernelAdvisories = Control(
        id: "node-kernel-advisories",
        title: "Run a kernel without faults that are mended",
        severity: .high,
        duty: "A4",
        summary: "The kernel that runs has faults which its distribution has mended, and every container of the node can reach it.",
        remedy: "Install the kernel named in the finding and reboot the node, or replace it.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os: {id: debian, versionID: "12", kernel: 6.1.0-18-amd64, kernelBuild: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)"}
            packages:
            - {name: linux-image-6.1.0-18-amd64, version: 6.1.76-1, source: linux-signed-amd64, manager: dpkg}
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
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence, let kernel = try report.runningKernel(of: evidence) else { return }
            let open = kernel.running.sorted.filter(\.isFixable)
            if !open.isEmpty {
                report.fail(
                    kernel.system.place["kernel"],
                    "the kernel that runs, \(kernel.system.kernel) (\(kernel.version)): \(Advice.count(open)) \(Advice.mended(open, kernel.order)): \(Advice.list(of: open))",
                    value: kernel.version)
            }
            if let unreadable = kernel.running.unreadable.first { throw unreadable }
        })
}

/// The kernel that runs on a machine and what advisories say about it.
struct RunningKernel {
    let system: EvidenceSystem
    let order: VersionOrder
    /// Of its package.
    let version: String
    let running: AdvisoryIndex.Answer
    /// The newest kernel of the same kind that is installed.
    let newest: KernelPackage?
    let installed: AdvisoryIndex.Answer?
}

extension Report {
    /// The kernel of the machine under judgement; where nothing can be said, that is reported and nothing comes back.
    mutating func runningKernel(of evidence: EvidenceDocument) throws(WrongType) -> RunningKernel? {
        guard let distribution = try distribution(of: evidence, saysWhy: false), let system = try evidence.system,
            let packages = try evidence.packages
        else {
            notApplicable()
            return nil
        }
        guard !system.kernel.isEmpty else {
            notObservable(system.place, "the evidence does not say which kernel runs")
            return nil
        }
        let kernels = KernelPackage.all(in: packages)
        guard let version = KernelPackage.running(system, among: kernels) else {
            notObservable(system.place["kernel"], "no package holds the kernel that runs, \(system.kernel): its faults are not known")
            return nil
        }
        let own = kernels.first { $0.release == system.kernel }
        let family = KernelRelease(system.kernel).family
        let newest = kernels.filter { KernelRelease($0.release).family == family }
            .max { distribution.order.compare($0.version, $1.version) == .less }
        func answer(_ version: String, _ kernel: KernelPackage?) -> AdvisoryIndex.Answer {
            let source = kernel?.package.installed.source ?? (distribution.order == .rpm ? "kernel" : "linux")
            let name = kernel?.package.name ?? source
            return settings.advisories.standings(
                of: InstalledPackage(name: name, version: version, source: source, sourceVersion: version), on: distribution)
        }
        return RunningKernel(
            system: system, order: distribution.order, version: version, running: answer(version, own ?? newest), newest: newest,
            installed: newest.map { answer($0.version, $0) })
    }
}
