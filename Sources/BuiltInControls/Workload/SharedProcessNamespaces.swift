import Controls
import Documents
import Kubernetes

extension Control {
    /// With a shared process namespace each container sees the others' processes, their environment and, through
    /// `/proc/<pid>/root`, their files.
    ///
    /// Fields: `shareProcessNamespace`. Allowed: unset, false.
    static let sharedProcessNamespaces = Control(
        id: "shared-process-namespaces",
        title: "Keep the processes of containers apart",
        severity: .medium,
        duty: "C5",
        summary: "Containers of such a Pod read each other's environment and files through /proc, Secrets included.",
        remedy: "Remove `shareProcessNamespace: true`; let containers talk over localhost or a shared volume.",
        references: [.ackPolicy("ACKBlockProcessNamespaceSharing")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              shareProcessNamespace: false
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              shareProcessNamespace: true # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let shared = pod.node["shareProcessNamespace"]
            if try shared.bool() == true { report.fail(shared, "the containers of the Pod see each other's processes") }
        })
}
