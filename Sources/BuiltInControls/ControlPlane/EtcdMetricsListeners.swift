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
            .machine("etcd", "--listen-metrics-urls=https://10.0.0.5:2379,http://127.0.0.1:2379"),
            .machine("etcd", "--name=cp-1"),
            .machine("etcd", "--config-file=/etc/etcd/etcd.yaml", files: ["/etc/etcd/etcd.yaml": "listen-metrics-urls: https://10.0.0.5:2379"]),
        ],
        failing: [
            .machine("etcd", "--listen-metrics-urls=https://10.0.0.5:2379,http://10.0.0.5:2381 # ✗"),
            .machine("etcd", "--config-file=/etc/etcd/etcd.yaml", files: ["/etc/etcd/etcd.yaml # ✗": "listen-metrics-urls: http://0.0.0.0:2379"]),
            .pod("etcd", "--listen-metrics-urls", "http://[::]:2379 # ✗"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.requireEncryptedListeners(etcd, "listen-metrics-urls")
        })
}
