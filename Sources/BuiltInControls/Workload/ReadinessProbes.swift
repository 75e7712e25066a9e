import Controls
import Documents
import Kubernetes

extension Control {
    /// Traffic reaches a container from the moment it starts unless a probe holds it back.
    ///
    /// Fields: `readinessProbe` of the regular containers of Pods that always restart. A container that lists no port,
    /// beside another that does, serves nobody and needs none.
    static let readinessProbes = Control(
        id: "readiness-probes",
        title: "Give every container that serves a readiness probe",
        severity: .low,
        duty: "C6",
        summary: "Without a readiness probe a Service sends requests to a program that is still starting or already stuck.",
        remedy: "Add a `readinessProbe` that succeeds once the container can answer requests.",
        references: [.ackPolicy("ACKRequiredProbes"), .ackInspection("readinessProbeMissing")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                ports:
                - containerPort: 8080
                readinessProbe:
                  httpGet: {path: /ready, port: 8080}
              - name: log-shipper
                image: registry.example.com/shipper:1.0
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
                  restartPolicy: OnFailure
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
                ports:
                - containerPort: 8080
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            guard container.role == .regular, try pod.isLongRunning else { return report.notApplicable() }
            if container.node["readinessProbe"].exists { return }
            if try container.node["ports"].items().isEmpty, pod.listsPorts { return report.notApplicable() }
            report.fail(container.node, missing: "readinessProbe", "container '\(container.name)' has no readiness probe")
        })
}
