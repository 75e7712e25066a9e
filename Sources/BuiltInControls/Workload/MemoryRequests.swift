import Controls
import Documents
import Kubernetes

extension Control {
    /// What is requested is what the scheduler sets aside.
    ///
    /// Fields: `resources.requests.memory` of every regular and sidecar container. Allowed: a request; a limit, which
    /// the API server copies into the missing request; a default of a LimitRange; from 1.34 on the Pod's own
    /// `resources`. Init containers run alone and before the others, so theirs rarely adds anything.
    static let memoryRequests = Control(
        id: "memory-requests",
        title: "Request memory for every container",
        severity: .low,
        duty: "C8b",
        summary: "Without a request the scheduler counts the container as free, and it is the first to be killed when its node runs short.",
        remedy: "Set `resources.requests.memory` to what the container needs in normal work.",
        references: [.ackInspection("memoryRequestsMissing"), .ackPolicy("ACKContainerRequests")],
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
                  requests: {memory: 128Mi}
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
                  limits: {memory: 128Mi}
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
            try requireResource("memory", in: .requests, of: container, pod, &report)
        })
}
