import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// A RuntimeClass is a name in the cluster for a name on the nodes. Where they do not meet, Pods fail to start, or, worse, a class that is
    /// called like a sandbox leads to a runtime that is none.
    ///
    /// Fields: `handler`; the configuration of the container runtimes in the evidence of the nodes. Allowed: a handler that some node has, and
    /// that is a sandbox wherever it is set up, if class or handler are called like one (`sandboxRuntimeClasses`).
    static let runtimeClassHandlers = Control(
        id: "runtime-class-handlers",
        title: "Let RuntimeClasses lead to what they are called",
        severity: .high,
        duty: "A3",
        summary: "The RuntimeClass leads to a handler that no node has, or to one that is no sandbox although its name says so.",
        remedy: "Set the handler up in the configuration of the nodes' container runtime, or correct `handler`.",
        passing: [
            """
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: gvisor}
            handler: runsc
            ---
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            files:
            - path: /etc/containerd/config.toml
              content: |
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
                  runtime_type = "io.containerd.runsc.v1"
            """
        ],
        failing: [
            """
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: gvisor}
            handler: runsc # ✗
            ---
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: kata}
            handler: standard # ✗
            ---
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            files:
            - path: /etc/containerd/config.toml
              content: |
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.standard]
                  runtime_type = "io.containerd.runc.v2"
            """
        ],
        check: .objects(["RuntimeClass"]) { object, report throws(WrongType) in
            let analysis = report.inventory.analysis(SandboxAnalysis.self)
            guard analysis.hasEvidence else { return report.notApplicable() }
            let place = object.root["handler"]
            guard let name = try place.string(), !name.isEmpty else { return report.notApplicable() }
            let runtimes = analysis.configurations.sorted { $0.key < $1.key }.flatMap { index, list in list.map { (index, $0) } }
            guard !runtimes.isEmpty else {
                return report.notObservable(place, "no evidence holds the configuration of a container runtime")
            }
            let found = runtimes.compactMap { index, runtime in runtime.handler(name).map { (index, $0) } }
            let mustBeSandbox = report.isSandbox(named: object.name) || report.isSandbox(named: name)
            if mustBeSandbox {
                for (index, handler) in found {
                    guard case .host(let program) = handler.engine else { continue }
                    let cause = analysis.place(of: handler.file, on: index, in: report.inventory)
                    let node = report.inventory.objects[index].name
                    return report.fail(
                        place, "'\(object.name)' is called like a sandbox; its handler '\(name)' is \(program) on \(node) (\(handler.place))",
                        cause: cause.map { Finding.Cause($0, object: index) })
                }
            }
            guard found.isEmpty else { return }
            let isComplete = runtimes.allSatisfy { $0.1.problems.isEmpty } && analysis.malformed.isEmpty
            if isComplete {
                report.fail(place, "no node of which there is evidence has the handler '\(name)'")
            } else {
                report.notObservable(place, "no node shows the handler '\(name)', but not every configuration could be read")
            }
        })
}

extension SandboxAnalysis {
    /// The entry of the evidence that holds a file.
    func place(of path: String, on object: Int, in inventory: Inventory) -> Value? {
        configurations[object]?.lazy.compactMap { $0.file(path) }.first?.place
    }
}

extension RuntimeHandler {
    /// `line 12 of /etc/containerd/config.toml`
    var place: String { line == 0 ? file : "line \(line) of \(file)" }
}
