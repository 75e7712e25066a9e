import Controls
import Documents
import NodeEvidence

extension Control {
    /// A forgotten `kubectl exec` stays open for whoever sits down at that terminal, and open connections use up the kubelet.
    ///
    /// Settings: `--streaming-connection-idle-timeout` of the kubelet, or `streamingConnectionIdleTimeout` in its file, four hours unless set.
    /// Allowed: anything but 0.
    static let kubeletIdleTimeout = Control(
        id: "kubelet-streaming-connection-idle-timeout",
        title: "Close idle connections into containers",
        severity: .low,
        duty: "A5",
        summary: "Connections into containers are never closed, however long nobody uses them.",
        remedy: "Set `streamingConnectionIdleTimeout: 5m` in the configuration file.",
        references: [.cis("4.2.5"), Reference("cwe", "CWE-613")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--streaming-connection-idle-timeout=5m"),
        ],
        failing: [
            .machine("kubelet", "--streaming-connection-idle-timeout=0 # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    streamingConnectionIdleTimeout: 0s
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            let field = "streamingConnectionIdleTimeout"
            guard let timeout = report.setting(kubelet, flag: "streaming-connection-idle-timeout", field: field, standard: "4h0m0s") else { return }
            guard let duration = GoDuration(timeout.text) else { return report.undecided(timeout, "no duration") }
            // A 0 in the file falls back to four hours; somebody who writes it wants none.
            if duration.seconds <= 0 { report.fail(timeout.place, "\(timeout.name) is \(timeout.text)") }
        })
}
