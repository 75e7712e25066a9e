import Controls
import Documents
import NodeEvidence

extension Control {
    /// Profiles show how the program works inside, and taking them costs it time. kube-proxy asks nobody for credentials.
    ///
    /// Settings: `enableProfiling` in kube-proxy's file, else `--profiling`; false unless set. Allowed: false.
    static let proxyProfiling = Control(
        id: "kube-proxy-profiling",
        title: "Switch off profiling of kube-proxy",
        severity: .low,
        duty: "A5",
        summary: "Whoever reaches the metrics port sees inside kube-proxy and can slow it down.",
        remedy: "Remove `enableProfiling: true`.",
        references: [Reference("cwe", "CWE-215")],
        passing: [
            .machine("kube-proxy", "--v=2"),
            .machine(
                "kube-proxy", "--config=/var/lib/kube-proxy/config.conf", "--profiling",
                files: [
                    "/var/lib/kube-proxy/config.conf": """
                    kind: KubeProxyConfiguration
                    enableProfiling: false
                    """
                ]),
        ],
        failing: [
            .machine("kube-proxy", "--profiling # ✗"),
            .machine(
                "kube-proxy", "--config=/var/lib/kube-proxy/config.conf",
                files: [
                    "/var/lib/kube-proxy/config.conf # ✗": """
                    kind: KubeProxyConfiguration
                    enableProfiling: true
                    """
                ]),
            .pod("kube-proxy", "--profiling=true # ✗"),
        ],
        check: .component(.kubeProxy) { proxy, report throws(WrongType) in
            report.require(proxy, flag: "profiling", field: "enableProfiling", standard: false, is: false)
        })
}
