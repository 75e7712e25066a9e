import Controls
import Documents
import Kubernetes

extension Control {
    /// With one replica every drained node, and so every patch of the platform, is an outage.
    ///
    /// Fields: `spec.replicas` of Deployments whose containers list ports. Allowed: two and more, none (switched off), an
    /// autoscaler, or a single holder of a persistent volume.
    static let singleReplicas = Control(
        id: "single-replicas",
        title: "Run what serves in more than one replica",
        severity: .info,
        duty: "C6",
        summary: "A service with one replica is down whenever its node is patched or fails.",
        remedy: "Set `replicas: 2` or more, or let an autoscaler choose.",
        passing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 2
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
        failing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 1 # ✗
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
        check: .objects(["Deployment"]) { object, report throws(WrongType) in
            guard let pod = object.pod, pod.listsPorts else { return report.notApplicable() }
            let replicas = object.spec["replicas"]
            guard try replicas.int() ?? 1 == 1, !report.inventory.availability.isScaled(object) else { return }
            for volume in try pod.node["volumes"].items() where volume["persistentVolumeClaim"].exists { return report.notApplicable() }
            report.fail(object.root, missing: "spec.replicas", "Deployment '\(object.name)' runs a single replica", value: "1")
        })
}
