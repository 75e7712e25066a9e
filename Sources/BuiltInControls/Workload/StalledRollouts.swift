import Controls
import Documents
import Kubernetes

extension Control {
    /// A patched image in a template changes nothing while the roll-out is paused or waits for somebody to delete Pods.
    ///
    /// Fields: `spec.paused` of Deployments, `spec.updateStrategy.type` of StatefulSets and DaemonSets. Allowed: false;
    /// anything but `OnDelete`.
    static let stalledRollouts = Control(
        id: "stalled-rollouts",
        title: "Let fixes roll out by themselves",
        severity: .low,
        duty: "C8a",
        summary: "While a roll-out is paused or waits for Pods to be deleted by hand, the old image goes on running beside the fixed template.",
        remedy: "Remove `paused`, and use `RollingUpdate` instead of `OnDelete`.",
        passing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              paused: false
              template:
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              paused: true # ✗
              template:
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
            """,
            """
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: agent}
            spec:
              updateStrategy:
                type: OnDelete # ✗
              template:
                spec:
                  containers:
                  - name: agent
                    image: registry.example.com/agent:1.0
            """,
        ],
        check: .objects(["Deployment", "StatefulSet", "DaemonSet"]) { object, report throws(WrongType) in
            if object.kind == "Deployment" {
                let paused = object.spec["paused"]
                if try paused.bool() == true { report.fail(paused, "the roll-out of Deployment '\(object.name)' is paused") }
            } else {
                let type = object.spec["updateStrategy"]["type"]
                if try type.equals("OnDelete") { report.fail(type, "\(object.kind) '\(object.name)' changes a Pod only when somebody deletes it") }
            }
        })
}
