import Controls
import Kubernetes

extension Control {
    /// A forwarded port reaches what listens on the Pod's own loopback and passes by every NetworkPolicy, since
    /// the kubelet opens the connection inside the Pod.
    ///
    /// Fields: `pods/portforward` in `rules`. Allowed: none in standing roles.
    static let portForwardToPods = Control(
        id: "port-forward-to-pods",
        title: "Do not allow forwarding ports of Pods",
        severity: .medium,
        duty: "C3",
        summary: "Port forwarding passes by NetworkPolicies and reaches debug and admin ports that listen on localhost only.",
        remedy: "Remove `pods/portforward`; expose what people need through a Service with authentication.",
        references: [.nsa("role-based access control")],
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
            metadata: {name: forward, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods/portforward # ✗
              verbs:
              - create
            """
        ],
        check: .powers(Power(["create", "get"], [APIResource("", "pods/portforward")], names: .count)))
}
