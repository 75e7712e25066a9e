import Controls
import Kubernetes

extension Control {
    /// Whoever writes nodes moves other people's Pods: taints and labels decide where Pods run, `nodes/status` what a node
    /// claims to be, and a deleted node loses its Pods.
    ///
    /// Fields: `nodes`, `nodes/status` in `rules`. Allowed: reading.
    static let writeNodes = Control(
        id: "write-nodes",
        title: "Do not allow changing nodes",
        severity: .high,
        duty: "C3",
        summary: "Taints, labels and deletion of nodes move Pods onto a node of the attacker's choice, or away from all.",
        remedy: "Remove the write verbs on nodes; draining is a task of the platform.",
        references: [.nsa("role-based access control"), .ackPolicy("ACKBlockNodeDelete")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - nodes
              verbs:
              - get
              - list
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: autoscaler}
            rules:
            - apiGroups: [""]
              resources:
              - nodes # ✗
              verbs:
              - get
              - delete
              - patch
            """
        ],
        check: .powers(
            Power(
                ["create", "update", "patch", "delete", "deletecollection"],
                [.nodes, APIResource("", "nodes/status", clusterScoped: true)], names: .count)))
}
