import Controls
import Documents
import Kubernetes

extension Control {
    /// The autoscaler removes no node that holds a Pod with local storage unless the Pod says it may go: nodes stay up,
    /// and an old node stays unpatched.
    ///
    /// Fields: annotation `cluster-autoscaler.kubernetes.io/safe-to-evict` of Pods with emptyDir on disk or hostPath volumes.
    /// Allowed: `"true"` or `"false"`; for volumes alone `safe-to-evict-local-volumes`.
    static let safeToEvict = Control(
        id: "safe-to-evict",
        title: "Say whether Pods with local storage may be moved",
        severity: .info,
        duty: "C6",
        summary: "A Pod with local storage that does not say whether it may be moved keeps its node from being drained and replaced.",
        remedy: "Annotate the Pod with `cluster-autoscaler.kubernetes.io/safe-to-evict: \"true\"` if its local data may go, else with \"false\".",
        references: [.ackPolicy("ACKLocalStorageRequireSafeToEvict")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, annotations: {cluster-autoscaler.kubernetes.io/safe-to-evict: "true"}}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              volumes:
              - name: tmp
                emptyDir: {sizeLimit: 64Mi}
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
              volumes:
              - name: tmp # ✗
                emptyDir: {sizeLimit: 64Mi}
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for volume in try pod.node["volumes"].items() {
                let directory = volume["emptyDir"]
                let isMemory = try directory["medium"].equals("Memory")
                guard volume["hostPath"].exists || (directory.isWritten && !isMemory) else { continue }
                let annotations = pod.annotations
                if annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"].exists { return }
                if annotations["cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"].exists { return }
                report.fail(
                    volume, "the Pod has local storage ('\(volume["name"].text)') and does not say whether it may be moved",
                    value: volume["name"].text)
                return
            }
        })
}
