import Controls
import Documents
import NodeEvidence

extension Control {
    /// A signed client certificate cannot be withdrawn: it opens the cluster until it expires.
    ///
    /// Settings: `--cluster-signing-duration` of kube-controller-manager, 8760h0m0s unless set, before 1.19
    /// `--experimental-cluster-signing-duration`. Allowed: up to 8760 hours.
    static let controllerManagerSigningDuration = Control(
        id: "kube-controller-manager-cluster-signing-duration",
        title: "Sign certificates for a year at most",
        severity: .medium,
        duty: "A5",
        summary: "Client certificates are signed for longer than a year, and none can be withdrawn.",
        remedy: "Set `--cluster-signing-duration` to 8760h or less.",
        references: [.nsa("authentication and authorization"), Reference("cwe", "CWE-613")],
        passing: [
            .machine("kube-controller-manager", "--cluster-signing-duration=24h"),
            .machine("kube-controller-manager", "--profiling=false"),
        ],
        failing: [
            .machine("kube-controller-manager", "--cluster-signing-duration=87600h # ✗"),
            .pod("kube-controller-manager", "--cluster-signing-duration", "8760h1s # ✗"),
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            for flag in ["cluster-signing-duration", "experimental-cluster-signing-duration"] {
                guard let setting = report.setting(manager, flag: flag, standard: "8760h0m0s") else { return }
                guard let duration = GoDuration(setting.text) else { return report.undecided(setting, "no duration") }
                if duration.seconds > 8_760 * 3_600 { report.fail(setting.place, "\(setting.name) is \(setting.text), longer than a year") }
            }
        })
}
