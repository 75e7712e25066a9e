import Controls
import Documents
import Kubernetes

extension Control {
    /// A process that hangs looks alive to Kubernetes until a probe says otherwise.
    ///
    /// Fields: `livenessProbe` of the regular containers of Pods that always restart. Jobs, init and ephemeral
    /// containers end by themselves, and a sidecar is the business of whoever injects it.
    static let livenessProbes = Control(
        id: "liveness-probes",
        title: "Give every service container a liveness probe",
        severity: .low,
        duty: "C6",
        summary: "A container that hangs keeps running and keeps its traffic until somebody notices.",
        remedy: "Add a `livenessProbe` that asks the process itself, not what it depends on.",
        references: [.ackPolicy("ACKRequiredProbes"), .ackInspection("livenessProbeMissing")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                livenessProbe:
                  httpGet: {path: /healthz, port: 8080}
            """,
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: report}
            spec:
              template:
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
                  restartPolicy: Never
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app # ✗
                image: registry.example.com/app:1.0
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            guard container.role == .regular, try pod.isLongRunning else { return report.notApplicable() }
            if container.node["livenessProbe"].exists { return }
            report.fail(container.node, missing: "livenessProbe", "container '\(container.name)' has no liveness probe")
        })
}
