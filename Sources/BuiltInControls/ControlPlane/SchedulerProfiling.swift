import Controls
import Documents
import NodeEvidence

extension Control {
    /// Profiles show how the program works inside, and taking them costs it time.
    ///
    /// Settings: `--profiling` of kube-scheduler, or `enableProfiling` in the file of `--config`, which makes it look at no flag; true unless
    /// set. Allowed: false.
    static let schedulerProfiling = Control(
        id: "kube-scheduler-profiling",
        title: "Switch off profiling of the scheduler",
        severity: .low,
        duty: "A5",
        summary: "Whoever may read `/debug/pprof` sees inside the scheduler and can slow it down.",
        remedy: "Set `--profiling=false`, or `enableProfiling: false` in the configuration file.",
        references: [.cis("1.4.1"), Reference("cwe", "CWE-215")],
        passing: [
            .machine("kube-scheduler", "--profiling=false"),
            .machine(
                "kube-scheduler", "--config=/etc/kubernetes/scheduler-config.yaml",
                files: [
                    "/etc/kubernetes/scheduler-config.yaml": """
                    kind: KubeSchedulerConfiguration
                    enableProfiling: false
                    """
                ]),
        ],
        failing: [
            .machine("kube-scheduler # ✗"),
            .machine(
                "kube-scheduler", "--config=/etc/kubernetes/scheduler-config.yaml", "--profiling=false",
                files: [
                    "/etc/kubernetes/scheduler-config.yaml # ✗": """
                    kind: KubeSchedulerConfiguration
                    enableProfiling: true
                    """
                ]),
            .pod("kube-scheduler", "--profiling=true # ✗"),
        ],
        check: .component(.kubeScheduler) { scheduler, report throws(WrongType) in
            report.require(scheduler, flag: "profiling", field: "enableProfiling", standard: true, is: false)
        })
}
