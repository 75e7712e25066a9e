import Controls
import Kubernetes

extension Control {
    /// Whoever may change a Secret hands other programs their own certificates, passwords and configuration, and
    /// whoever may create one can ask for a token of any service account of the namespace.
    ///
    /// Fields: `rules` of Roles and ClusterRoles. Allowed: rules that name the Secrets (`resourceNames`).
    static let writeSecrets = Control(
        id: "write-secrets",
        title: "Keep write access to Secrets to their owners",
        severity: .medium,
        duty: "C3",
        summary:
            "Changing a Secret plants credentials in other programs; creating one can request a token of any service account in its "
            + "namespace.",
        remedy: "Drop the write verbs, or name the Secrets in `resourceNames`.",
        references: [.cis("5.1.2"), .nsa("role-based access control"), Reference("mitre-attack", "T1098")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: own, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - secrets
              verbs:
              - update
              resourceNames: [web-tls]
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: writer, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - secrets # ✗
              verbs:
              - create
              - update
            """
        ],
        check: .powers(Power(["create", "update", "patch"], [.secrets])))
}
