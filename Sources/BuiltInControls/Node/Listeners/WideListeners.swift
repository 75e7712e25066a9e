import Controls
import Documents
import NodeEvidence

extension Control {
    /// Metrics, health and debugging of these programs are for the machine itself. On the network they show what the cluster does, and profiling
    /// there slows it down.
    ///
    /// Source: listening sockets other than on loopback: the scheduler's 10259, the controller managers' 10257 and 10258, kube-proxy's 10249,
    /// the kubelet's 10248, etcd's metrics 2381, those of runtimes and network plugins.
    static let wideListeners = Control(
        id: "wide-listeners",
        title: "Keep ports of the machine itself on loopback",
        severity: .medium,
        duty: "A5",
        summary: "A port that only the machine itself needs is open to the network.",
        remedy: "Bind it to 127.0.0.1 (`--bind-address`, `--metrics-bind-address`, `--healthz-bind-address`, `--listen-metrics-urls`).",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-668")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            sockets: [{protocol: tcp, address: 127.0.0.1, port: 10257, process: kube-controller}]
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            sockets:
            - {protocol: tcp, address: "::", port: 10257, process: kube-controller} # ✗
            - {protocol: tcp, address: 0.0.0.0, port: 10249, process: kube-proxy} # ✗
            """
        ],
        check: .listeners { reviews, _, report in
            for review in reviews {
                guard case .tooWide(let known) = review.standing else { continue }
                report.fail(review.socket.place, "\(review.socket.text) is \(known.title)", value: "\(review.socket.port)")
            }
        })
}
