import Controls
import Documents
import NodeEvidence

extension Control {
    /// A weak suite lets whoever records or stands in between read what a client and the API server say, credentials included.
    ///
    /// Setting: `--tls-cipher-suites` of kube-apiserver, what Go offers unless set. Allowed: what the edition of the benchmark accepts, in 1.12
    /// key exchange by ECDHE with GCM or ChaCha20.
    static let apiServerCipherSuites = Control(
        id: "kube-apiserver-tls-cipher-suites",
        title: "Offer strong cipher suites only",
        severity: .medium,
        duty: "A5",
        summary: "Connections to the API server can be made with ciphers that have known weaknesses.",
        remedy: "Set `--tls-cipher-suites` to suites with ECDHE and GCM or ChaCha20.",
        references: [.cis("1.2.29"), Reference("cwe", "CWE-327")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --tls-min-version=VersionTLS13]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            kubernetesVersion: 1.29.4
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]}
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
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --tls-cipher-suites
              - TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            kubernetesVersion: 1.29.4
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --tls-cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256 # ✗
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
                - --tls-cipher-suites=TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireCiphers(server, among: CipherSuites.accepted(byAPIServerRowOf: report.benchmark.id))
        })
}
