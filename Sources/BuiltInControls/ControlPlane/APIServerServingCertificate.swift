import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without one the API server signs its own, which no client can verify, so clients learn to skip the check.
    ///
    /// Settings: `--tls-cert-file` and `--tls-private-key-file` of kube-apiserver. Allowed: both set.
    static let apiServerServingCertificate = Control(
        id: "kube-apiserver-serving-certificate",
        title: "Give the API server a certificate",
        severity: .high,
        duty: "A5",
        summary: "Clients cannot verify the API server, so whoever stands in between can play it.",
        remedy: "Set `--tls-cert-file` and `--tls-private-key-file`.",
        references: [.cis("1.2.24"), Reference("cwe", "CWE-295")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --tls-cert-file=/etc/kubernetes/pki/apiserver.crt
              - --tls-private-key-file=/etc/kubernetes/pki/apiserver.key
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
                - --tls-cert-file
                - /etc/kubernetes/pki/apiserver.crt
                - --tls-private-key-file
                - /etc/kubernetes/pki/apiserver.key
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
                - --tls-cert-file= # ✗
                - --tls-private-key-file=/etc/kubernetes/pki/apiserver.key
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["tls-cert-file", "tls-private-key-file"])
        })
}
