import Controls
import Documents
import Kubernetes

extension Control {
    /// `system:serviceaccounts` is every Pod of the cluster, `system:serviceaccounts:<namespace>` every Pod of a namespace, as far as they mount a token.
    ///
    /// Fields: `subjects` of bindings. Allowed: other subjects.
    /// Of the API server's own bindings only what was added to them is judged.
    static let allServiceAccountsBindings = Control(
        id: "all-service-accounts-bindings",
        title: "Do not bind all service accounts",
        severity: .high,
        duty: "C3",
        summary: "Every Pod that mounts a token has these rights, whichever tenant it belongs to.",
        remedy: "Bind the service accounts that are meant.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1078.001")],
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
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts"} # ✗
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: "give", namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: edit
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:shop"} # ✗
            """,
        ],
        check: .subjects { subject, binding, report throws(WrongType) in
            guard subject.name.kind == "Group", subject.name.name.utf8.starts(with: "system:serviceaccounts".utf8) else { return }
            try report.fail(subject, in: binding, "all service accounts of '\(subject.name.name)' get \(binding.displayName)")
        })
}
