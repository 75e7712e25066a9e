import Controls
import Documents
import Kubernetes

extension Control {
    /// A debugging container has what an intruder needs: shells, tools, and the neighbours' processes. It cannot be
    /// removed, only go with its Pod, and it is no part of a manifest.
    ///
    /// Fields: `ephemeralContainers`. Allowed: none.
    static let ephemeralContainers = Control(
        id: "ephemeral-containers",
        title: "Leave no debugging containers behind",
        severity: .medium,
        duty: "C5",
        summary: "A debugging container brings a shell and tools into a running Pod and stays until the Pod is re-created.",
        remedy: "Re-create the Pod once debugging is over; let only few people update `pods/ephemeralcontainers`.",
        references: [.ackPolicy("ACKBlockEphemeralContainer")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
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
              containers:
              - name: app
                image: registry.example.com/app:1.0
              ephemeralContainers:
              - name: debugger # ✗
                image: registry.example.com/tools:1.0
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            guard container.role == .ephemeral else { return report.notApplicable() }
            report.fail(container.node, "debugging container '\(container.name)' is still in the Pod", value: container.name)
        })
}
