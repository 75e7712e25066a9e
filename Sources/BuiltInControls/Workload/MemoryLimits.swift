import Controls
import Documents
import Kubernetes

extension Control {
    /// A limit is what keeps one container from taking the node down with it.
    ///
    /// Fields: `resources.limits.memory` of every init, sidecar and regular container. Allowed: a limit; a default of
    /// a LimitRange; from 1.34 on the Pod's own `resources`. Ephemeral containers cannot have any.
    static let memoryLimits = Control(
        id: "memory-limits",
        title: "Limit the memory of every container",
        severity: .medium,
        duty: "C8b",
        summary: "A container without a memory limit can take all of its node's memory; the kernel then kills others to make room.",
        remedy: "Set `resources.limits.memory`, or a default in a LimitRange of the namespace.",
        references: [.ackInspection("memoryLimitsMissing"), .ackPolicy("ACKContainerLimits")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                resources:
                  limits: {memory: 128Mi}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            ---
            apiVersion: v1
            kind: LimitRange
            metadata: {name: defaults}
            spec:
              limits:
              - type: Container
                default: {memory: 256Mi}
            """,
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
                resources: # ✗
                  requests: {memory: 128Mi}
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            try requireResource("memory", in: .limits, of: container, pod, &report)
        })
}
