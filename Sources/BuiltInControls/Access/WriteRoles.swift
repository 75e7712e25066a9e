import Controls
import Kubernetes

extension Control {
    /// The API server stops a writer of roles from giving more than they have, but not from spreading what they have to
    /// anybody, the anonymous user included.
    ///
    /// Fields: `rbac.authorization.k8s.io` in `rules`. Allowed: reading.
    static let writeRoles = Control(
        id: "write-roles",
        title: "Keep roles and bindings to those who administer them",
        severity: .medium,
        duty: "C3",
        summary: "Who writes roles and bindings decides who else gets in, and keeps a way back after being removed.",
        remedy: "Remove the write verbs on roles and bindings; manage access in one place.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1098.006")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: ["rbac.authorization.k8s.io"]
              resources:
              - rolebindings
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: lead, namespace: shop}
            rules:
            - apiGroups: ["rbac.authorization.k8s.io"]
              resources:
              - roles # ✗
              - rolebindings # ✗
              verbs:
              - create
              - update
            """
        ],
        check: .powers(
            Power(["create", "update", "patch"], [.roles, .clusterRoles, .roleBindings, .clusterRoleBindings])))
}
