import Controls
import Documents
import Kubernetes

extension Control {
    /// `nodeName` goes past the scheduler and all that it checks: taints, resources, affinities, and quotas of
    /// dedicated nodes.
    ///
    /// Fields: `nodeName` of templates and of Pods that were not read back from a cluster. Allowed: unset.
    static let nodeNames = Control(
        id: "node-names",
        title: "Leave the choice of node to the scheduler",
        severity: .medium,
        duty: "C5",
        summary: "A Pod that names its node goes past the scheduler: no taint, no resource check and no dedicated node holds it off.",
        remedy: "Remove `nodeName`; use `nodeSelector` or node affinity.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, uid: 6a2f0c9e-0000-4000-8000-000000000001}
            spec:
              nodeName: node-1
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              nodeName: control-plane-1 # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let node = pod.node["nodeName"]
            guard let name = try node.string(), !name.isEmpty else { return }
            // The scheduler writes its choice into this field: in a Pod of a running cluster it says nothing.
            if pod.metadata["uid"].exists { return report.notApplicable() }
            report.fail(node, "the Pod goes past the scheduler to node '\(name)'")
        })
}
