import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without it Secrets lie in etcd, its snapshots and its disk in clear text. What the file says is judged by `encryption-at-rest`.
    ///
    /// Setting: `--encryption-provider-config` of kube-apiserver. Allowed: set.
    static let apiServerEncryptionConfiguration = Control(
        id: "kube-apiserver-encryption-provider-config",
        title: "Encrypt what the API server stores",
        severity: .high,
        duty: "A5",
        summary: "Secrets lie in etcd and its backups in clear text.",
        remedy: "Set `--encryption-provider-config` to a file that encrypts Secrets with a key service.",
        references: [.cis("1.2.27"), .nsa("secrets"), Reference("cwe", "CWE-311")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --encryption-provider-config=/etc/kubernetes/encryption.yaml
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
                - --encryption-provider-config
                - /etc/kubernetes/encryption.yaml
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
                - --encryption-provider-config= # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flags: ["encryption-provider-config"])
        })
}
