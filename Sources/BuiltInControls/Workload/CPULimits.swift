import Controls
import Documents
import Kubernetes

extension Control {
    /// A limit is what keeps one container from taking the node down with it.
    ///
    /// Fields: `resources.limits.cpu` of every init, sidecar and regular container. Allowed: a limit; a default of
    /// a LimitRange; from 1.34 on the Pod's own `resources`. Ephemeral containers cannot have any.
    static let cPULimits = Control(
        id: "cpu-limits",
        title: "Limit the CPU of every container",
        severity: .low,
        duty: "C8b",
        summary: "A container without a CPU limit can take all of its node's idle time, which a hijacked one does for mining.",
        remedy: "Set `resources.limits.cpu`, or a default in a LimitRange of the namespace.",
        references: [.ackInspection("cpuLimitsMissing"), .ackPolicy("ACKContainerLimits")],
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
                  limits: {cpu: 250m}
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
                default: {cpu: 500m}
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
                  requests: {cpu: 250m}
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            try requireResource("cpu", in: .limits, of: container, pod, &report)
        })
}
