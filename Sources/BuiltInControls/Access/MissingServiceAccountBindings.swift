import Controls
import Documents
import Kubernetes

extension Control {
    /// Rights of a service account that does not exist wait for whoever creates it.
    ///
    /// Fields: `subjects`. Allowed: service accounts of the estate, and `default`. Judged only where the estate holds service accounts of that
    /// namespace; without any it is not applicable.
    static let missingServiceAccountBindings = Control(
        id: "missing-service-account-bindings",
        title: "Bind service accounts that exist",
        severity: .low,
        duty: "C3",
        summary: "Whoever creates a service account of this name gets its rights.",
        remedy: "Remove the subject, or add the service account.",
        references: [],
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
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: web, namespace: shop}
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
            - {kind: ServiceAccount, namespace: other, name: gone}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: web, namespace: shop}
            """,
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
            - {kind: ServiceAccount, namespace: shop, name: web}
            - {kind: ServiceAccount, namespace: shop, name: gone} # ✗
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: web, namespace: shop}
            """
        ],
        check: .subjects { subject, binding, report throws(WrongType) in
            guard let account = subject.serviceAccount, account.name != "default" else { return }
            guard report.inventory.access.holds("ServiceAccount", in: account.namespace) else { return report.notApplicable() }
            if report.inventory.object(kind: "ServiceAccount", namespace: account.namespace, name: account.name) == nil {
                try report.fail(subject, in: binding, "\(subject.displayName) does not exist")
            }
        })
}
