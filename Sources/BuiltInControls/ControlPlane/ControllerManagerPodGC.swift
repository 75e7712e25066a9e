import Controls
import Documents
import NodeEvidence

extension Control {
    /// Finished Pods stay in etcd until there are more than the threshold. Unset, that is 12,500 of them, whatever the cluster can bear; 0 and
    /// less never removes any.
    ///
    /// Setting: `--terminated-pod-gc-threshold` of kube-controller-manager. Allowed: set, greater than 0.
    static let controllerManagerPodGC = Control(
        id: "kube-controller-manager-terminated-pod-gc-threshold",
        title: "Decide how many finished Pods may pile up",
        severity: .low,
        duty: "A5",
        summary: "Finished Pods pile up and slow the cluster down.",
        remedy: "Set `--terminated-pod-gc-threshold` to what suits the cluster, such as 1000.",
        references: [.cis("1.3.1"), Reference("cwe", "CWE-770")],
        passing: [
            .machine("kube-controller-manager", "--terminated-pod-gc-threshold=1000"),
            .pod("kube-controller-manager", args: ["--terminated-pod-gc-threshold", "10"]),
        ],
        failing: [
            .machine("kube-controller-manager # ✗"),
            .machine("kube-controller-manager", "--terminated-pod-gc-threshold=0 # ✗"),
            .pod("kube-controller-manager", "--terminated-pod-gc-threshold=-1 # ✗"),
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.require(manager, flag: "terminated-pod-gc-threshold", atLeast: 1, why: ", so 12500 finished Pods may pile up")
        })
}
