import Controls
import Kubernetes

extension Control {
    /// Attaching reads and writes the standard streams of somebody else's process, which is a shell when the process is one.
    ///
    /// Fields: `pods/attach` in `rules`. Allowed: none in standing roles.
    static let attachToPods = Control(
        id: "attach-to-pods",
        title: "Do not allow attaching to Pods",
        severity: .medium,
        duty: "C3",
        summary: "Attaching takes over the input and output of a running process, and shows all it prints.",
        remedy: "Remove `pods/attach` from the role.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1609")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods/log
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: attach, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods/attach # ✗
              verbs:
              - create
              - get
            """
        ],
        check: .powers(Power(["create", "get"], [APIResource("", "pods/attach")], names: .count)))
}
