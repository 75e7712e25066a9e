import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Pods that name no RuntimeClass run under the default handler of their node. Where every Pod must sit in a sandbox, that one must be a
    /// sandbox, or whoever leaves the field out leaves the sandbox out.
    ///
    /// Evidence: `default_runtime_name` of containerd, `default_runtime` of CRI-O. Asked where the organisation requires a sandbox
    /// (`requiresSandbox`). Allowed: a handler that is a sandbox.
    static let sandboxDefaultRuntime = Control(
        id: "sandbox-default-runtime",
        title: "Make the sandbox the default of nodes that require one",
        severity: .high,
        duty: "A3",
        summary: "Every Pod must run in a sandbox here, and this node runs Pods that ask for nothing without one.",
        remedy: "Set `default_runtime_name` to the handler of the sandbox and restart the container runtime.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            files:
            - path: /etc/containerd/config.toml
              content: |
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd]
                  default_runtime_name = "runsc"
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
                  runtime_type = "io.containerd.runsc.v1"
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
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd]
                  default_runtime_name = "runc"
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
                  runtime_type = "io.containerd.runsc.v1"
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard report.settings.requiresSandbox else { return report.notApplicable() }
            try report.judgeRuntimes { runtime, report throws(WrongType) in
                guard let handler = runtime.handler(runtime.defaultHandler), !handler.engine.isSandbox else { return }
                let place = report.place(of: handler.file, in: runtime)
                if case .unknown(let shim) = handler.engine {
                    return report.notObservable(place, "whether the default runtime '\(shim)' is a sandbox is not known")
                }
                report.fail(
                    place, "\(runtime.runtime.rawValue)'s default handler '\(handler.name)' is \(handler.engine.noun) and no sandbox",
                    value: handler.name)
            }
        })
}
