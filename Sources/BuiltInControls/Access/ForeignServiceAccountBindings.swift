import Controls
import Documents
import Kubernetes

extension Control {
    /// A RoleBinding for a service account of another namespace lets whoever controls that namespace in: anyone who creates Pods there takes
    /// the account.
    ///
    /// Fields: `subjects` of RoleBindings with the role they get. Allowed: roles that neither read Secrets nor run code nor allow everything.
    static let foreignServiceAccountBindings = Control(
        id: "foreign-service-account-bindings",
        title: "Give service accounts of other namespaces narrow rights only",
        severity: .medium,
        duty: "P2a",
        summary: "Whoever creates Pods in the other namespace has these rights in this one.",
        remedy: "Narrow the role, or run the program in this namespace.",
        references: [.nsa("role-based access control")],
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
            - {kind: ServiceAccount, namespace: ci, name: deployer}
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
            - {kind: ServiceAccount, namespace: shop, name: deployer}
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
              name: edit
            subjects:
            - {kind: ServiceAccount, namespace: ci, name: deployer} # ✗
            """
        ],
        check: .subjects(["RoleBinding"]) { subject, binding, report throws(WrongType) in
            guard let account = subject.serviceAccount, account.namespace != binding.namespace else { return }
            if try report.lacksRole(of: binding) { return }
            guard try report.isPowerful(binding) else { return }
            try report.fail(subject, in: binding, "\(subject.displayName) gets far-reaching rights in namespace '\(binding.namespace)'")
        })
}
