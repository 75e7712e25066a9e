import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// A process keeps the library it started with. Upgrading the package changes the file and not the process.
    ///
    /// Evidence: `processes[].replaced`. Allowed: none. Needs no advisories.
    static let replacedLibraries = Control(
        id: "processes-with-replaced-libraries",
        title: "Restart processes whose programs or libraries were replaced",
        severity: .medium,
        duty: "A4",
        summary: "The process still runs a file that an upgrade has replaced, so what the upgrade mends is still open in it.",
        remedy: "Restart the process, or drain the node and reboot it.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, pid: 901, replaced: []}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - name: kubelet
              replaced: # ✗
              - /usr/lib/x86_64-linux-gnu/libssl.so.3
              - /usr/bin/kubelet
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence, let processes = report.section(try evidence.processes, "processes") else { return }
            for process in processes {
                report.sayWhatReplacementIsUnknown(of: process)
                var paths: [String] = []
                for path in try process.replaced { paths.append(try path.string() ?? "") }
                guard !paths.isEmpty else { continue }
                let name = process.name.isEmpty ? "a process" : process.name
                report.fail(
                    process.place["replaced"],
                    "\(name) runs \(paths.count == 1 ? "a file" : "\(paths.count) files") that \(paths.count == 1 ? "has" : "have") been replaced: \(Advice.list(paths.sorted(), most: 10))",
                    value: name)
            }
        })
}

extension Report {
    /// Without the list nobody can say that a process runs what is installed.
    mutating func sayWhatReplacementIsUnknown(of process: EvidenceProcess) {
        guard process.isReplacementUnknown else { return }
        notObservable(process.place, "the evidence does not say which files of \(process.name) were replaced while it runs")
    }
}
