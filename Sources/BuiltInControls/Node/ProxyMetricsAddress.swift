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
            .machine("kube-proxy", "--metrics-bind-address=127.0.0.1:10249"),
            .machine(
                "kube-proxy", "--config=/var/lib/kube-proxy/config.conf", "--metrics-bind-address=0.0.0.0:10249",
                files: [
                    "/var/lib/kube-proxy/config.conf": """
                    kind: KubeProxyConfiguration
                    metricsBindAddress: ""
                    """
                ]),
            .pod("kube-proxy", "--v=2"),
        ],
        failing: [
            .machine("kube-proxy", "--metrics-bind-address", "[::]:10249 # ✗"),
            .machine(
                "kube-proxy", "--config=/var/lib/kube-proxy/config.conf",
                files: [
                    "/var/lib/kube-proxy/config.conf # ✗": """
                    kind: KubeProxyConfiguration
                    metricsBindAddress: 0.0.0.0:10249
                    """
                ]),
            .pod("kube-proxy", "--metrics-bind-address=0.0.0.0 # ✗"),
        ],
        check: .component(.kubeProxy) { proxy, report throws(WrongType) in
            report.requireLoopback(proxy, flag: "metrics-bind-address", field: "metricsBindAddress", standard: "127.0.0.1:10249")
        })
}
