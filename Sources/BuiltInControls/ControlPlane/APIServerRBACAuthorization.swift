import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without RBAC roles and bindings have no effect: what is allowed is decided elsewhere, or not at all.
    ///
    /// Setting: `--authorization-mode` of kube-apiserver, `AlwaysAllow` unless set, or the types in the file of `--authorization-config`.
    /// Allowed: with `RBAC`.
    static let apiServerRBACAuthorization = Control(
        id: "kube-apiserver-rbac-authorization",
        title: "Authorize by roles",
        severity: .high,
        duty: "A5",
        summary: "Roles and bindings have no effect, so nobody has just what they need.",
        remedy: "Set `--authorization-mode=Node,RBAC`.",
        references: [.cis("1.2.8"), .nsa("role-based access control")],
        passing: [
            .machine("kube-apiserver", "--authorization-mode=Node,RBAC"),
            .machine(
                "kube-apiserver", "--authorization-config=/etc/kubernetes/authorization.yaml",
                files: [
                    "/etc/kubernetes/authorization.yaml": """
                    apiVersion: apiserver.config.k8s.io/v1
                    kind: AuthorizationConfiguration
                    authorizers:
                    - {type: Node, name: node}
                    - {type: RBAC, name: rbac}
                    """
                ]),
            .pod("kube-apiserver", args: ["--authorization-mode", "Node,RBAC"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine(
                "kube-apiserver", "--authorization-config=/etc/kubernetes/authorization.yaml",
                files: [
                    "/etc/kubernetes/authorization.yaml # ✗": """
                    apiVersion: apiserver.config.k8s.io/v1
                    kind: AuthorizationConfiguration
                    authorizers:
                    - {type: Node, name: node}
                    """
                ]),
            .pod("kube-apiserver", "--authorization-mode=Node # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            try report.requireAuthorizer(server, "RBAC")
        })
}
