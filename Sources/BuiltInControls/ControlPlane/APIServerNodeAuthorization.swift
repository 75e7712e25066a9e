import Controls
import Documents
import NodeEvidence

extension Control {
    /// The Node authorizer gives a kubelet only what Pods on its own machine need. Without it kubelets need wide roles, so one taken node reads
    /// the Secrets of all.
    ///
    /// Setting: `--authorization-mode` of kube-apiserver, `AlwaysAllow` unless set, or the types in the file of `--authorization-config`.
    /// Allowed: with `Node`.
    static let apiServerNodeAuthorization = Control(
        id: "kube-apiserver-node-authorization",
        title: "Authorize kubelets by the Node authorizer",
        severity: .high,
        duty: "A5",
        summary: "A kubelet may read more than the Pods on its machine need, so one taken node endangers the cluster.",
        remedy: "Set `--authorization-mode=Node,RBAC`.",
        references: [.cis("1.2.7"), .nsa("authentication and authorization")],
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
                    - {type: RBAC, name: rbac}
                    """
                ]),
            .pod("kube-apiserver", "--authorization-mode=RBAC # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            try report.requireAuthorizer(server, "Node")
        })
}
