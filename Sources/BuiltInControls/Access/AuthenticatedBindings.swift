import Controls
import Documents
import Kubernetes

extension Control {
    /// `system:authenticated` is everyone with any credentials: all people, all service accounts of all tenants,
    /// and with some providers every account of the cloud.
    ///
    /// Fields: `subjects` of bindings. Allowed: other subjects.
    /// Of the API server's own bindings only what was added to them is judged.
    static let authenticatedBindings = Control(
        id: "authenticated-bindings",
        title: "Do not bind all authenticated users",
        severity: .medium,
        duty: "P2c",
        summary: "Every person and every service account of every tenant has these rights.",
        remedy: "Bind the group of people or the service accounts that are meant.",
        references: [
            .nsa("role-based access control"), .ackPolicy("ACKRestrictRoleBindings"),
            Reference("mitre-attack", "T1078"), Reference("gke-1.9.0", "4.1.10"),
        ],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "system:basic-user"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: system:basic-user
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"}
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
              name: reader
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"} # ✗
            """
        ],
        check: .subjects { subject, binding, report throws(WrongType) in
            guard subject.name == AccessIndex.Name(kind: "Group", name: "system:authenticated") else { return }
            try report.fail(subject, in: binding, "all authenticated users get \(binding.displayName)")
        })
}
