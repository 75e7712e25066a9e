import Controls
import Documents
import Kubernetes

extension Control {
    /// Every Pod that names no service account runs as `default`, so rights of it are rights of all such Pods, those deployed later too.
    ///
    /// Fields: `subjects` of bindings. Allowed: other subjects.
    /// Of the API server's own bindings only what was added to them is judged.
    static let defaultServiceAccountBindings = Control(
        id: "default-service-account-bindings",
        title: "Give default service accounts no rights",
        severity: .medium,
        duty: "C3",
        summary: "Every Pod of the namespace that names no other service account inherits these rights.",
        remedy: "Make a service account for the program and bind that.",
        references: [.cis("5.1.5"), .nsa("role-based access control"), Reference("mitre-attack", "T1078.001")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: "give", namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: web}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: "give", namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: default} # ✗
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: "give", namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:serviceaccount:shop:default"} # ✗
            """,
        ],
        check: .subjects { subject, binding, report throws(WrongType) in
            guard subject.serviceAccount?.name == "default" else { return }
            try report.fail(subject, in: binding, "the default service account of its namespace gets \(binding.displayName)")
        })
}
