import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// A privileged container gets all devices of its machine. In a virtual machine of its own it should get that machine's, but the runtime passes
    /// the node's disks in unless it is told not to.
    ///
    /// Evidence: `privileged_without_host_devices` of handlers that start virtual machines. Allowed: true.
    static let sandboxHostDevices = Control(
        id: "sandbox-host-devices",
        title: "Keep the node's devices out of virtual machines",
        severity: .medium,
        duty: "A3",
        summary: "A privileged container in a virtual machine gets the devices of the node, its disks included, and so leaves its sandbox.",
        remedy: "Set `privileged_without_host_devices = true` for the handler and restart the container runtime.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            files:
            - path: /etc/containerd/config.toml
              content: |
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
                  runtime_type = "io.containerd.kata.v2"
                  privileged_without_host_devices = true
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
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
                  runtime_type = "io.containerd.kata.v2"
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            try report.judgeRuntimes { runtime, report throws(WrongType) in
                for handler in runtime.handlers where !handler.keepsHostDevicesAway {
                    guard case .virtualMachine(let engine) = handler.engine else { continue }
                    report.fail(
                        report.place(of: handler.file, in: runtime),
                        "handler '\(handler.name)' (\(engine)) passes the node's devices to privileged containers (\(handler.place))",
                        value: handler.name)
                }
            }
        })
}
