import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Events that are dropped are missing when somebody wants to know what happened on the machine; without any limit a flood of them slows the
    /// cluster down.
    ///
    /// Settings: `--event-qps` of the kubelet, or `eventRecordQPS` in its file, 50 unless set, 5 before 1.27; 0 records all. Allowed: 0 and more;
    /// editions 1.23 and AKS ask for 0.
    static let kubeletEventRate = Control(
        id: "kubelet-event-qps",
        title: "Record events of the kubelet",
        severity: .low,
        duty: "A5",
        summary: "Events of the machine are lost.",
        remedy: "Set `eventRecordQPS: 0`, or to what the cluster can bear.",
        references: [.cis("4.2.8"), .nsa("audit logging and threat detection")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine("kubelet", "--event-qps=0", version: "1.23.4"),
        ],
        failing: [
            .machine("kubelet", "--event-qps=-1 # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml", version: "1.23.4",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    eventRecordQPS: 5
                    """
                ]),
            .machine("kubelet # ✗", version: "1.23.4"),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            let standard = report.version(of: kubelet) < KubernetesVersion(1, 27) ? "5" : "50"
            guard let rate = report.setting(kubelet, flag: "event-qps", field: "eventRecordQPS", as: .number, standard: standard) else { return }
            guard let number = rate.int else { return report.undecided(rate, "no whole number") }
            let isAllAskedFor = ["cis-1.23", "aks-1.8"].contains(report.benchmark.id)
            guard number < 0 || (isAllAskedFor && number > 0) else { return }
            let label = kubelet.label("event-qps", "eventRecordQPS")
            report.fail(rate.place, rate.isSet ? "\(rate.name) is \(number)" : "\(label) is not set, so it is \(number)")
        })
}
