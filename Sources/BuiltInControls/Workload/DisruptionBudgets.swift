import Controls
import Documents
import Kubernetes

extension Control {
    /// Draining nodes for a patch evicts Pods one node after the other; without a budget nothing keeps the last replica
    /// of an application from going while the others are still starting.
    ///
    /// Fields: `spec.replicas` of Deployments and StatefulSets, and PodDisruptionBudgets that select their Pods. Allowed:
    /// a budget, or a single replica, for which a budget could only block.
    static let disruptionBudgets = Control(
        id: "disruption-budgets",
        title: "Give replicated workloads a disruption budget",
        severity: .low,
        duty: "C6",
        summary: "While nodes are patched, nothing keeps all replicas of a workload from being evicted at once.",
        remedy: "Create a PodDisruptionBudget with `maxUnavailable: 1` that selects the Pods.",
        passing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 3
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
                    ports:
                    - containerPort: 8080
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web, namespace: shop}
            spec:
              maxUnavailable: 1
              selector: {matchLabels: {app: web}}
            """
        ],
        failing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 3 # ✗
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
                    ports:
                    - containerPort: 8080
            """
        ],
        check: .objects(["Deployment", "StatefulSet"]) { object, report throws(WrongType) in
            let replicas = object.spec["replicas"]
            guard let count = try replicas.int(), count >= 2, let pod = object.pod else { return report.notApplicable() }
            if try report.inventory.availability.hasBudget(in: object.namespace, labels: pod.labels) { return }
            report.fail(replicas, "no disruption budget covers the \(count) replicas of \(object.kind) '\(object.name)'", value: object.name)
        })
}
