import Controls
import Documents
import NodeEvidence

extension Control {
    /// What comes from this address runs with the rights the manifest asks for, past every admission. Without TLS whoever stands in between
    /// writes it.
    ///
    /// Settings: `--manifest-url` of the kubelet, or `staticPodURL` in its file, none unless set. Allowed: none, or `https:`.
    static let kubeletStaticPodURL = Control(
        id: "kubelet-static-pod-url",
        title: "Fetch static Pods over TLS",
        severity: .critical,
        duty: "A5",
        summary: "Whoever stands between the kubelet and the address runs what they like on the machine.",
        remedy: "Use `https:`, or `staticPodPath`.",
        references: [Reference("cwe", "CWE-319"), Reference("mitre-attack", "T1525")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--manifest-url=https://pods.example.com/node"),
        ],
        failing: [
            .machine("kubelet", "--manifest-url", "http://pods.example.com/node # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    staticPodURL: http://pods.example.com/node
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            guard let url = report.setting(kubelet, flag: "manifest-url", field: "staticPodURL") else { return }
            if url.text.lowercased().hasPrefix("http:") { report.fail(url.place, "\(url.name) is \(url.text), without TLS") }
        })
}
