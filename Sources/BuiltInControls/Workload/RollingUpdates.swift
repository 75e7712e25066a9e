import Controls
import Documents
import Kubernetes

extension Control {
    /// A fix that takes the application down is a fix that waits.
    ///
    /// Fields: `spec.strategy` of Deployments. Allowed: `RollingUpdate` that leaves some Pod running. `Recreate` is right
    /// for a single replica with a persistent volume, which only one Pod may hold.
    static let rollingUpdates = Control(
        id: "rolling-updates",
        title: "Roll out new versions without a gap",
        severity: .low,
        duty: "C6",
        summary: "If an update stops all Pods first, every patch is an outage, and so patches wait.",
        remedy: "Set `strategy.type: RollingUpdate` with `maxUnavailable` below 100%.",
        passing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              strategy: {type: Recreate}
              template:
                spec:
                  containers:
                  - name: db
                    image: registry.example.com/db:1.0
                  volumes:
                  - name: data
                    persistentVolumeClaim: {claimName: data}
            """
        ],
        failing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              strategy:
                type: Recreate # ✗
              template:
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
            """,
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              strategy:
                rollingUpdate:
                  maxUnavailable: 100% # ✗
              template:
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
            """,
        ],
        check: .objects(["Deployment"]) { object, report throws(WrongType) in
            let strategy = object.spec["strategy"]
            guard strategy.exists else { return }
            let type = strategy["type"]
            if try type.equals("Recreate") {
                let replicas = try object.spec["replicas"].int() ?? 1
                if replicas <= 1, let pod = object.pod {
                    for volume in try pod.node["volumes"].items() where volume["persistentVolumeClaim"].exists { return }
                }
                report.fail(type, "Deployment '\(object.name)' stops all its Pods before it starts new ones")
            } else {
                let unavailable = strategy["rollingUpdate"]["maxUnavailable"]
                guard unavailable.kind == .string, try unavailable.equals("100%") else { return }
                report.fail(unavailable, "Deployment '\(object.name)' may stop all its Pods at once")
            }
        })
}
