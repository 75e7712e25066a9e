import Controls
import Documents
import NodeEvidence

extension Control {
    /// Metrics and profiles of the program are there for whoever reaches the port and is let in. Nothing on other machines needs them as a rule.
    ///
    /// Settings: `--bind-address` of kube-controller-manager, 0.0.0.0 unless set; `--address`, which 1.24 removed. Allowed: a loopback address.
    static let controllerManagerAddress = Control(
        id: "kube-controller-manager-bind-address",
        title: "Let the controller manager listen on its own machine only",
        severity: .low,
        duty: "A5",
        summary: "The controller manager can be reached from the network.",
        remedy: "Set `--bind-address=127.0.0.1`.",
        references: [.cis("1.3.7"), .nsa("network separation and hardening")],
        passing: [
            .machine("kube-controller-manager", "--bind-address=127.0.0.1"),
            .machine("kube-controller-manager", "--bind-address", "::1"),
        ],
        failing: [
            .machine("kube-controller-manager # ✗"),
            .machine("kube-controller-manager", "--bind-address=127.0.0.1", "--address=0.0.0.0 # ✗"),
            .pod("kube-controller-manager", "--bind-address=0.0.0.0 # ✗"),
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.requireLoopback(manager, flag: "bind-address", standard: "0.0.0.0")
            report.requireLoopback(manager, flag: "address", standard: "127.0.0.1")
        })
}
