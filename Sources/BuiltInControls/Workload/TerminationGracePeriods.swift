import Controls
import Documents
import Kubernetes

extension Control {
    /// With no grace the kubelet kills at once, mid-write; for a StatefulSet the API may even say a Pod is gone while
    /// it still runs, and start a second one of the same name.
    ///
    /// Fields: `terminationGracePeriodSeconds`. Allowed: unset, or 1 and above.
    static let terminationGracePeriods = Control(
        id: "termination-grace-periods",
        title: "Give containers time to stop",
        severity: .low,
        duty: "C6",
        summary: "A Pod without a grace period is killed in the middle of what it does, and its data with it.",
        remedy: "Remove the field (30 seconds) or set what the program needs to stop.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              terminationGracePeriodSeconds: 5
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
              terminationGracePeriodSeconds: 0 # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let grace = pod.node["terminationGracePeriodSeconds"]
            if let seconds = try grace.int(), seconds <= 0 { report.fail(grace, "the Pod gets no time to stop") }
        })
}
