import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without an authority the API server takes any certificate for that of a kubelet: whoever stands in between reads logs and sits in `kubectl
    /// exec` sessions.
    ///
    /// Setting: `--kubelet-certificate-authority` of kube-apiserver. Allowed: set.
    static let apiServerKubeletAuthority = Control(
        id: "kube-apiserver-kubelet-certificate-authority",
        title: "Verify the certificates of kubelets",
        severity: .high,
        duty: "A5",
        summary: "The API server talks to whoever answers at the address of a node, so `exec` sessions and logs can be intercepted.",
        remedy: "Let kubelets have certificates signed (`serverTLSBootstrap: true`) and set `--kubelet-certificate-authority`.",
        references: [.cis("1.2.5"), Reference("cwe", "CWE-295"), Reference("mitre-attack", "T1557")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --kubelet-certificate-authority=/etc/kubernetes/pki/ca.crt]}
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
                - --kubelet-certificate-authority
                - /etc/kubernetes/pki/ca.crt
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
              - --secure-port=6443
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command: # ✗
                - kube-apiserver
                - --secure-port=6443
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
                - --kubelet-certificate-authority= # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["kubelet-certificate-authority"])
        })
}
