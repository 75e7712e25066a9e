import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// The name of a handler is all that a cluster knows of it. One called `runsc` whose shim or program is runc makes every claim of a sandbox
    /// on this node void, without a trace anywhere else.
    ///
    /// Evidence: containerd's `config.toml` in versions 1 to 3 with its imports (`runtime_type`, `options.BinaryName`), CRI-O's `crio.conf` and
    /// what lies beside it (`runtime_type`, `runtime_path`). Allowed: handlers called like a sandbox (`sandboxRuntimeClasses`) that are one.
    static let sandboxHandlers = Control(
        id: "sandbox-handlers",
        title: "Back handlers called like a sandbox with one",
        severity: .critical,
        duty: "A3",
        summary: "A runtime handler that is called like a sandbox starts plain containers, so every Pod that claims it shares the node's kernel.",
        remedy: "Set `runtime_type` (and `BinaryName`) to the sandbox's, restart the container runtime and create the Pods anew.",
        references: [Reference("mitre-attack", "T1611")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            files:
            - path: /etc/containerd/config.toml
              content: |
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
                  runtime_type = "io.containerd.runsc.v1"
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
                  runtime_type = "io.containerd.kata.v2"
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            files:
            - path: /etc/containerd/config.toml
              content: | # ✗
                version = 3
                [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runsc]
                  runtime_type = "io.containerd.runc.v2"
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            files:
            - path: /etc/crio/crio.conf
              content: | # ✗
                [crio.runtime.runtimes.kata]
                  runtime_path = "/usr/bin/runc"
            """,
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            try report.judgeRuntimes { runtime, report throws(WrongType) in
                for handler in runtime.handlers where report.isSandbox(named: handler.name) {
                    let place = report.place(of: handler.file, in: runtime)
                    switch handler.engine {
                    case .gVisor, .virtualMachine: break
                    case .host(let program):
                        report.fail(
                            place, "\(runtime.runtime.rawValue)'s handler '\(handler.name)' is \(program) and no sandbox (\(handler.place))",
                            value: handler.name)
                    case .unknown(let shim):
                        report.notObservable(
                            place, "whether '\(shim)', behind the handler '\(handler.name)', is a sandbox is not known (\(handler.place))")
                    }
                }
            }
        })
}

extension Report {
    /// Judges each container runtime of the machine; where there is none, or its configuration cannot be read, that is reported.
    mutating func judgeRuntimes(_ judge: (RuntimeConfiguration, inout Report) throws(WrongType) -> Void) throws(WrongType) {
        let analysis = inventory.analysis(SandboxAnalysis.self)
        if let malformed = analysis.malformed[object] { throw malformed }
        let runtimes = analysis.configurations[object] ?? []
        guard !runtimes.isEmpty else { return notApplicable() }
        for runtime in runtimes {
            for problem in runtime.problems {
                let line = problem.line == 0 ? "" : "line \(problem.line) of "
                notObservable(place(of: problem.file, in: runtime), "\(line)\(problem.file): \(problem.message)")
            }
            try judge(runtime, &self)
        }
    }

    /// Where a finding about a file of a runtime stands: at its text, or at the list of files.
    func place(of file: String, in runtime: RuntimeConfiguration) -> Value {
        guard let entry = runtime.file(file) else { return judgedObject.root["files"] }
        return entry.content ?? entry.place
    }
}
