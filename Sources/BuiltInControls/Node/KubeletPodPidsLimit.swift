import Controls
import Documents
import NodeEvidence

extension Control {
    /// One Pod that starts processes without end takes the machine's, and everything on it stops.
    ///
    /// Settings: `--pod-max-pids` of the kubelet, or `podPidsLimit` in its file, without limit unless set. Allowed: greater than 0.
    static let kubeletPodPidsLimit = Control(
        id: "kubelet-pod-pids-limit",
        title: "Limit the processes of a Pod",
        severity: .medium,
        duty: "A5",
        summary: "One Pod can use up the processes of its machine.",
        remedy: "Set `podPidsLimit: 4096` in the configuration file.",
        references: [.cis("4.2.13"), Reference("cwe", "CWE-770")],
        passing: [
            .machine("kubelet", "--pod-max-pids=4096"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    podPidsLimit: 1024
                    """
                ]),
        ],
        failing: [
            .machine("kubelet # ✗"),
            .machine("kubelet", "--pod-max-pids", "-1 # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    podPidsLimit: -1
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.require(kubelet, flag: "pod-max-pids", field: "podPidsLimit", atLeast: 1)
        })
}
