import Controls
import Documents
import NodeEvidence

extension Control {
    /// Profiles show how the program works inside, and taking them costs it time.
    ///
    /// Setting: `--profiling` of kube-controller-manager, true unless set. Allowed: false.
    static let controllerManagerProfiling = Control(
        id: "kube-controller-manager-profiling",
        title: "Switch off profiling of the controller manager",
        severity: .low,
        duty: "A5",
        summary: "Whoever may read `/debug/pprof` sees inside the controller manager and can slow it down.",
        remedy: "Set `--profiling=false`.",
        references: [.cis("1.3.2"), Reference("cwe", "CWE-215")],
        passing: [
            .machine("kube-controller-manager", "--profiling=false")
        ],
        failing: [
            .machine("kube-controller-manager # ✗"),
            .machine("kube-controller-manager", "--profiling # ✗", "false"),
            .pod("kube-controller-manager", "--profiling=true # ✗"),
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.require(manager, flag: "profiling", standard: true, is: false)
        })
}
