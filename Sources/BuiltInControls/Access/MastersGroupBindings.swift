import Controls
import Documents
import Kubernetes

extension Control {
    /// The API server lets `system:masters` pass without asking any rule, so a binding of it adds nothing but the wish to use it; its members
    /// hold certificates that cannot be revoked.
    ///
    /// Fields: `subjects` of bindings. Allowed: other subjects.
    /// Of the API server's own bindings only what was added to them is judged.
    static let mastersGroupBindings = Control(
        id: "masters-group-bindings",
        title: "Do not bind the group system:masters",
        severity: .high,
        duty: "C3",
        summary: "Members of system:masters pass every check, and no binding can take that away again.",
        remedy: "Bind a group of your identity provider, and stop issuing certificates with system:masters.",
        references: [.cis("5.1.7"), .nsa("role-based access control")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "admins"}
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "cluster-admin"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: cluster-admin
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:masters"}
            """,
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
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:masters"} # ✗
            """
        ],
        check: .subjects { subject, binding, report throws(WrongType) in
            guard subject.name == AccessIndex.Name(kind: "Group", name: "system:masters") else { return }
            try report.fail(subject, in: binding, "\(binding.displayName) is made for system:masters, which no rule limits")
        })
}
