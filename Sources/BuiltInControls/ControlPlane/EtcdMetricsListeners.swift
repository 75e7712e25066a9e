import Controls
import Documents
import NodeEvidence

extension Control {
    /// Metrics without TLS and certificates tell whoever reaches them how the cluster lives: sizes, rates, members.
    ///
    /// Setting: `--listen-metrics-urls` of etcd, none unless set. Allowed: `https:`, or a loopback address.
    static let etcdMetricsListeners = Control(
        id: "etcd-listen-metrics-urls",
        title: "Keep the metrics of etcd off the network",
        severity: .low,
        duty: "A5",
        summary: "Whoever reaches the address sees how the cluster lives.",
        remedy: "Use `https:` or 127.0.0.1 in `--listen-metrics-urls`.",
        references: [Reference("cwe", "CWE-200")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: etcd
              argv:
              - etcd
              - --listen-metrics-urls=https://10.0.0.5:2379,http://127.0.0.1:2379
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --name=cp-1]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --config-file=/etc/etcd/etcd.yaml]}
            files:
            - path: /etc/etcd/etcd.yaml
              content: |
                listen-metrics-urls: https://10.0.0.5:2379
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: etcd
              argv:
              - etcd
              - --listen-metrics-urls=https://10.0.0.5:2379,http://10.0.0.5:2381 # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --config-file=/etc/etcd/etcd.yaml]}
            files:
            - path: /etc/etcd/etcd.yaml
              content: | # ✗
                listen-metrics-urls: http://0.0.0.0:2379
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: etcd, namespace: kube-system}
            spec:
              containers:
              - name: etcd
                image: registry.example.com/etcd:3.5.15-0
                command:
                - etcd
                - --listen-metrics-urls
                - http://[::]:2379 # ✗
            """,
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.requireEncryptedListeners(etcd, "listen-metrics-urls")
        })
}
