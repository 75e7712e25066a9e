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
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kube-proxy, argv: [kube-proxy, --v=2]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kube-proxy, argv: [kube-proxy, --config=/var/lib/kube-proxy/config.conf, --profiling]}
            files:
            - path: /var/lib/kube-proxy/config.conf
              content: |
                kind: KubeProxyConfiguration
                enableProfiling: false
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
              - --profiling # ✗
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
                enableProfiling: true
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
                - --profiling=true # ✗
            """,
        ],
        check: .component(.kubeProxy) { proxy, report throws(WrongType) in
            report.require(proxy, flag: "profiling", field: "enableProfiling", standard: false, is: false)
        })
}
