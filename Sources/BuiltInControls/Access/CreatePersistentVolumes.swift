import Controls
import Kubernetes

extension Control {
    /// A PersistentVolume of type hostPath or local is a directory of a node, and Pod security looks at claims, not at volumes.
    ///
    /// Fields: `persistentvolumes` in `rules`. Allowed: reading.
    static let createPersistentVolumes = Control(
        id: "create-persistent-volumes",
        title: "Keep PersistentVolumes to the platform",
        severity: .high,
        duty: "C3",
        summary: "A PersistentVolume may be any directory of a node, past the checks that forbid hostPath in Pods.",
        remedy: "Remove `create` on persistentvolumes; a StorageClass makes volumes for claims.",
        references: [.cis("5.1.9"), Reference("mitre-attack", "T1611")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: claims}
            rules:
            - apiGroups: [""]
              resources:
              - persistentvolumeclaims
              verbs:
              - create
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: storage}
            rules:
            - apiGroups: [""]
              resources:
              - persistentvolumes # ✗
              verbs:
              - create
            """
        ],
        check: .powers(Power(["create"], [APIResource("", "persistentvolumes", clusterScoped: true)])))
}
