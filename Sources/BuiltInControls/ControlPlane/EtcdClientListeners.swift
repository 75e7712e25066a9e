import Controls
import Documents
import NodeEvidence

extension Control {
    /// An address without TLS is open to whoever reaches it: there etcd asks for no certificate.
    ///
    /// Setting: `--listen-client-urls` of etcd, on the machine itself unless set. Allowed: `https:`, or a loopback address.
    static let etcdClientListeners = Control(
        id: "etcd-listen-client-urls",
        title: "Serve clients of etcd over TLS wherever they are",
        severity: .critical,
        duty: "A5",
        summary: "Whoever reaches the address reads and changes the whole cluster.",
        remedy: "Use `https:` in `--listen-client-urls`.",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-319")],
        passing: [
            .machine("etcd", "--listen-client-urls=https://10.0.0.5:2379,http://127.0.0.1:2379"),
            .machine("etcd", "--name=cp-1"),
            .machine("etcd", "--config-file=/etc/etcd/etcd.yaml", files: ["/etc/etcd/etcd.yaml": "listen-client-urls: https://10.0.0.5:2379"]),
        ],
        failing: [
            .machine("etcd", "--listen-client-urls=https://10.0.0.5:2379,http://10.0.0.5:2381 # ✗"),
            .machine("etcd", "--config-file=/etc/etcd/etcd.yaml", files: ["/etc/etcd/etcd.yaml # ✗": "listen-client-urls: http://0.0.0.0:2379"]),
            .pod("etcd", "--listen-client-urls", "http://[::]:2379 # ✗"),
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.requireEncryptedListeners(etcd, "listen-client-urls")
        })
}
