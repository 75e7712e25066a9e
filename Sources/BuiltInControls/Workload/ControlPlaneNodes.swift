import Controls
import Documents
import Kubernetes

extension Control {
    /// On a control-plane node an escape ends at the keys of the cluster.
    ///
    /// Fields: `nodeSelector`, required node affinity and `tolerations` that name the control plane's role.
    /// Allowed: none of them. A toleration of every taint is a matter of what the workload is, so it is not judged.
    static let controlPlaneNodes = Control(
        id: "control-plane-nodes",
        title: "Keep workloads off control-plane nodes",
        severity: .medium,
        duty: "C5",
        summary: "A break-in on a control-plane node ends at the keys of the cluster.",
        remedy: "Remove the selector or toleration; give the workload worker nodes.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              nodeSelector: {disk: fast}
              tolerations:
              - {key: dedicated, operator: Exists}
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
              nodeSelector:
                node-role.kubernetes.io/control-plane: "" # ✗
              tolerations:
              - key: node-role.kubernetes.io/master # ✗
                operator: Exists
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for entry in try pod.node["nodeSelector"].entries() where isControlPlaneRole(entry.key) {
                report.fail(entry, "the Pod asks for a node of the control plane", value: entry.key)
            }
            for toleration in try pod.node["tolerations"].items() {
                let key = toleration["key"]
                guard let name = try key.string(), isControlPlaneRole(name) else { continue }
                report.fail(key, "the Pod tolerates the taint of control-plane nodes")
            }
            let affinity = pod.node["affinity"]
            guard affinity.exists else { return }
            let required = affinity["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
            for term in try required["nodeSelectorTerms"].items() {
                for expression in try term["matchExpressions"].items() {
                    let key = expression["key"]
                    guard let name = try key.string(), isControlPlaneRole(name) else { continue }
                    let exists = try expression["operator"].equals("Exists")
                    let isIn = try expression["operator"].equals("In")
                    if exists || isIn { report.fail(key, "the Pod asks for a node of the control plane") }
                }
            }
        })
}

private func isControlPlaneRole(_ label: String) -> Bool {
    label == "node-role.kubernetes.io/control-plane" || label == "node-role.kubernetes.io/master" || label == "node-role.kubernetes.io/etcd"
}
