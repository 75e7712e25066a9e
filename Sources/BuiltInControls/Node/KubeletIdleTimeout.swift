import Controls
import Documents
import NodeEvidence

extension Control {
    /// A forgotten `kubectl exec` stays open for whoever sits down at that terminal, and open connections use up the kubelet.
    ///
    /// Settings: `--streaming-connection-idle-timeout` of the kubelet, or `streamingConnectionIdleTimeout` in its file, four hours unless set.
    /// A duration of zero in the file (`0s`, as kubeadm writes it) counts as unset; behind the flag it means never. Allowed: anything but that
    /// and a bare 0 in the file, which is no duration.
    ///
    /// Source: `SetDefaults_KubeletConfiguration` in kubernetes/kubernetes, which runs on the file before flags are put over it.
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
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    streamingConnectionIdleTimeout: 0s
                    """
                ]),
        ],
        failing: [
            .machine("kubelet", "--streaming-connection-idle-timeout=0 # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    streamingConnectionIdleTimeout: 0
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            let field = "streamingConnectionIdleTimeout"
            guard let timeout = report.setting(kubelet, flag: "streaming-connection-idle-timeout", field: field, standard: "4h0m0s") else { return }
            guard let duration = GoDuration(timeout.text) else { return report.undecided(timeout, "no duration") }
            let isDefaulted = duration.seconds == 0 && timeout.text != "0" && !timeout.name.hasPrefix("--")
            if duration.seconds <= 0, !isDefaulted { report.fail(timeout.place, "\(timeout.name) is \(timeout.text)") }
        })
}
