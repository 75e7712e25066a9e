import Controls
import Documents
import NodeEvidence

extension Control {
    /// With `AlwaysAllow` whoever is known to the API server may do everything, with anonymous requests on, everybody.
    ///
    /// Setting: `--authorization-mode` of kube-apiserver, `AlwaysAllow` unless set, or the types in the file of `--authorization-config`.
    /// Allowed: without `AlwaysAllow`.
    static let apiServerAlwaysAllow = Control(
        id: "kube-apiserver-always-allow",
        title: "Decide on every request to the API server",
        severity: .critical,
        duty: "A5",
        summary: "The API server allows everything to everybody whom it lets in.",
        remedy: "Set `--authorization-mode=Node,RBAC`.",
        references: [.cis("1.2.6"), .nsa("authentication and authorization"), Reference("cwe", "CWE-862")],
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
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--authorization-mode", "RBAC,AlwaysAllow # ✗"),
            .machine(
                "kube-apiserver", "--authorization-config=/etc/kubernetes/authorization.yaml",
                files: [
                    "/etc/kubernetes/authorization.yaml # ✗": """
                    apiVersion: apiserver.config.k8s.io/v1
                    kind: AuthorizationConfiguration
                    authorizers:
                    - {type: RBAC, name: rbac}
                    - {type: AlwaysAllow, name: alwaysallow}
                    """
                ]),
            .pod("kube-apiserver", "--authorization-mode=AlwaysAllow # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard let modes = try report.authorizationModes(server), modes.items.contains("AlwaysAllow") else { return }
            report.fail(modes.place, modes.isSet ? "\(modes.name) names AlwaysAllow" : "--authorization-mode is not set, so everything is allowed")
        })
}
