import Controls
import Documents
import Kubernetes

extension Control {
    /// `system:anonymous` and `system:unauthenticated` are everyone who reaches the API server, from the Internet
    /// too where its endpoint is public.
    ///
    /// Fields: `subjects` of bindings. Allowed: other subjects.
    /// Of the API server's own bindings only what was added to them is judged.
    static let anonymousBindings = Control(
        id: "anonymous-bindings",
        title: "Bind nothing to the anonymous user",
        severity: .critical,
        duty: "P2c",
        summary: "Everyone who reaches the API server has these rights, without any credentials.",
        remedy: "Remove the subject; bind people and service accounts that log in.",
        references: [
            .nsa("role-based access control"), .ackInspection("anonymousUserRBACBinding"),
            Reference("mitre-attack", "T1078"), Reference("gke-1.9.0", "4.1.8"), Reference("gke-1.9.0", "4.1.9"),
        ],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "system:public-info-viewer"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: system:public-info-viewer
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"}
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:unauthenticated"}
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
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:anonymous"} # ✗
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:unauthenticated"} # ✗
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "system:discovery"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"}
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:unauthenticated"} # ✗
            """,
        ],
        check: .subjects { subject, binding, report throws(WrongType) in
            guard
                subject.name == AccessIndex.Name(kind: "User", name: "system:anonymous")
                    || subject.name == AccessIndex.Name(kind: "Group", name: "system:unauthenticated")
            else { return }
            try report.fail(subject, in: binding, "\(subject.displayName), so everyone who reaches the API server, gets \(binding.displayName)")
        })
}
