import Controls
import Documents
import Kubernetes

extension Control {
    /// What is requested is what the scheduler sets aside.
    ///
    /// Fields: `resources.requests.cpu` of every regular and sidecar container. Allowed: a request; a limit, which
    /// the API server copies into the missing request; a default of a LimitRange; from 1.34 on the Pod's own
    /// `resources`. Init containers run alone and before the others, so theirs rarely adds anything.
    static let cPURequests = Control(
        id: "cpu-requests",
        title: "Request CPU for every container",
        severity: .low,
        duty: "C8b",
        summary: "Without a request the scheduler counts the container as free, so nodes fill up and neighbours starve.",
        remedy: "Set `resources.requests.cpu` to what the container needs in normal work.",
        references: [.ackInspection("cpuRequestsMissing"), .ackPolicy("ACKContainerRequests")],
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
                  requests: {cpu: 250m}
            """,
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
            try requireResource("cpu", in: .requests, of: container, pod, &report)
        })
}
