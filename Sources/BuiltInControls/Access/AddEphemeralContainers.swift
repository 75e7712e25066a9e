import Controls
import Kubernetes

extension Control {
    /// An ephemeral container is put into a running Pod with an image of the attacker's choice; it shares the Pod's network
    /// and, with `targetContainerName`, sees its processes and their memory.
    ///
    /// Fields: `pods/ephemeralcontainers` in `rules`. Allowed: none in standing roles.
    static let addEphemeralContainers = Control(
        id: "add-ephemeral-containers",
        title: "Do not allow adding containers to running Pods",
        severity: .high,
        duty: "C3",
        summary: "An ephemeral container brings a foreign image into a running Pod, beside its processes, its network and its service account.",
        remedy: "Remove `pods/ephemeralcontainers`; give it for a limited time to the people who debug.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1610"), .ackPolicy("ACKBlockEphemeralContainer")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: debug, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods/ephemeralcontainers # ✗
              verbs:
              - patch
            """
        ],
        check: .powers(Power(["update", "patch"], [APIResource("", "pods/ephemeralcontainers")], names: .count)))
}
