import Controls
import Documents
import NodeEvidence

extension Control {
    /// Metrics and profiles of the program are there for whoever reaches the port and is let in. Nothing on other machines needs them as a rule.
    ///
    /// Settings: `--bind-address` of kube-scheduler, 0.0.0.0 unless set; `--address`, which 1.24 removed. Allowed: a loopback address.
    static let schedulerAddress = Control(
        id: "kube-scheduler-bind-address",
        title: "Let the scheduler listen on its own machine only",
        severity: .low,
        duty: "A5",
        summary: "The scheduler can be reached from the network.",
        remedy: "Set `--bind-address=127.0.0.1`.",
        references: [.cis("1.4.2"), .nsa("network separation and hardening")],
        passing: [
            .machine("kube-scheduler", "--bind-address=127.0.0.1"),
            .machine("kube-scheduler", "--bind-address", "::1"),
        ],
        failing: [
            .machine("kube-scheduler # ✗"),
            .machine("kube-scheduler", "--bind-address=127.0.0.1", "--address=0.0.0.0 # ✗"),
            .pod("kube-scheduler", "--bind-address=0.0.0.0 # ✗"),
        ],
        check: .component(.kubeScheduler) { scheduler, report throws(WrongType) in
            report.requireLoopback(scheduler, flag: "bind-address", standard: "0.0.0.0")
            report.requireLoopback(scheduler, flag: "address", standard: "127.0.0.1")
        })
}
