import Controls
import Kubernetes

extension Control {
    /// Labels of a namespace choose its Pod Security level and whether webhooks and network policies see it; whoever changes
    /// them takes off the protection. A Role allows it for its own namespace, since that request carries the namespace.
    ///
    /// Fields: `namespaces` in `rules`. Allowed: reading, creating.
    static let writeNamespaces = Control(
        id: "write-namespaces",
        title: "Do not allow changing namespaces",
        severity: .medium,
        duty: "C3",
        summary: "Labels of a namespace switch Pod Security, webhooks and network policies on and off.",
        remedy: "Remove `update` and `patch` on namespaces; the platform sets their labels.",
        references: [Reference("mitre-attack", "T1562.001")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - namespaces
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: owner, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - namespaces # ✗
              verbs:
              - patch
            """
        ],
        check: .powers(Power(["update", "patch"], [APIResource("", "namespaces")], names: .count)))
}
