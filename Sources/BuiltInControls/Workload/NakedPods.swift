import Controls
import Documents
import Kubernetes

extension Control {
    /// Nobody starts a bare Pod again when its node goes, nor rolls out a patched image to it.
    ///
    /// Fields: `metadata.ownerReferences` of Pods. Allowed: an owner; static Pods, which the kubelet owns, and
    /// hooks of charts, which end by themselves.
    static let nakedPods = Control(
        id: "naked-pods",
        title: "Let a controller own every Pod",
        severity: .low,
        duty: "C6",
        summary: "A Pod without a controller is gone when its node is, and no roll-out ever brings it a patched image.",
        remedy: "Make it a Deployment, a StatefulSet, or a Job if it ends by itself.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web-7d4b9, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: "1"}]}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: # ✗
              name: web
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .objects(["Pod"]) { object, report throws(WrongType) in
            guard object.apiVersion == "v1" else { return report.notApplicable() }
            if try !object.metadata["ownerReferences"].items().isEmpty { return }
            let annotations = object.annotations
            if annotations["kubernetes.io/config.mirror"].exists || annotations["helm.sh/hook"].exists { return report.notApplicable() }
            report.fail(object.root, missing: "metadata.ownerReferences", "no controller owns Pod '\(object.name)'", value: object.name)
        })
}
