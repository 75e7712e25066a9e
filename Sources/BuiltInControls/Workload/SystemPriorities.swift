import Controls
import Documents
import Kubernetes

extension Control {
    /// A Pod of a system class pushes out everyone else's Pods, and is itself never pushed out.
    ///
    /// Fields: `priorityClassName` outside `kube-system`. Allowed: anything but `system-node-critical` and
    /// `system-cluster-critical`.
    static let systemPriorities = Control(
        id: "system-priorities",
        title: "Leave the system's priority classes to the system",
        severity: .medium,
        duty: "P2a",
        summary: "A Pod with a priority of the system evicts the Pods of all other tenants when a node is full.",
        remedy: "Use a PriorityClass of your own, below the system's.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              priorityClassName: important
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
              priorityClassName: system-node-critical # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let priority = pod.node["priorityClassName"]
            let isNodeCritical = try priority.equals("system-node-critical")
            let isClusterCritical = try priority.equals("system-cluster-critical")
            guard isNodeCritical || isClusterCritical else { return }
            if report.judgedObject.namespace == "kube-system" { return }
            report.fail(priority, "the Pod takes the priority of the system's own components")
        })
}
