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
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --authorization-mode=Node,RBAC
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --authorization-config=/etc/kubernetes/authorization.yaml]}
            files:
            - path: /etc/kubernetes/authorization.yaml
              content: |
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthorizationConfiguration
                authorizers:
                - {type: Node, name: node}
                - {type: RBAC, name: rbac}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command: [kube-apiserver]
                args:
                - --authorization-mode
                - Node,RBAC
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv: # ✗
              - kube-apiserver
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --authorization-config=/etc/kubernetes/authorization.yaml]}
            files:
            - path: /etc/kubernetes/authorization.yaml
              content: | # ✗
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthorizationConfiguration
                authorizers:
                - {type: RBAC, name: rbac}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command:
                - kube-apiserver
                - --authorization-mode=RBAC # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            try report.requireAuthorizer(server, "Node")
        })
}
