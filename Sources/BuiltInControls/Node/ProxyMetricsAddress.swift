import Controls
import Documents
import NodeEvidence

extension Control {
    /// Metrics, and with profiling on profiles, are there for everybody who reaches the port, without credentials.
    ///
    /// Settings: `metricsBindAddress` in kube-proxy's file, which makes it look at no flag, else `--metrics-bind-address`; 127.0.0.1:10249 unless
    /// set. Allowed: a loopback address.
    static let proxyMetricsAddress = Control(
        id: "kube-proxy-metrics-bind-address",
        title: "Keep the metrics of kube-proxy on its machine",
        severity: .low,
        duty: "A5",
        summary: "Whoever reaches the port sees which Services the cluster has and how they are used.",
        remedy: "Set `metricsBindAddress: 127.0.0.1:10249`.",
        references: [.cis("4.3.1"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kube-proxy, argv: [kube-proxy, --metrics-bind-address=127.0.0.1:10249]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - name: kube-proxy
              argv:
              - kube-proxy
              - --config=/var/lib/kube-proxy/config.conf
              - --metrics-bind-address=0.0.0.0:10249
            files:
            - path: /var/lib/kube-proxy/config.conf
              content: |
                kind: KubeProxyConfiguration
                metricsBindAddress: ""
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-proxy, namespace: kube-system}
            spec:
              containers:
              - name: kube-proxy
                image: registry.example.com/kube-proxy:v1.31.2
                command:
                - kube-proxy
                - --v=2
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - name: kube-proxy
              argv:
              - kube-proxy
              - --metrics-bind-address
              - "[::]:10249" # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kube-proxy, argv: [kube-proxy, --config=/var/lib/kube-proxy/config.conf]}
            files:
            - path: /var/lib/kube-proxy/config.conf
              content: | # ✗
                kind: KubeProxyConfiguration
                metricsBindAddress: 0.0.0.0:10249
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-proxy, namespace: kube-system}
            spec:
              containers:
              - name: kube-proxy
                image: registry.example.com/kube-proxy:v1.31.2
                command:
                - kube-proxy
                - --metrics-bind-address=0.0.0.0 # ✗
            """,
        ],
        check: .component(.kubeProxy) { proxy, report throws(WrongType) in
            report.requireLoopback(proxy, flag: "metrics-bind-address", field: "metricsBindAddress", standard: "127.0.0.1:10249")
        })
}
