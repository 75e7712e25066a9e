import Controls
import Documents
import NodeEvidence

extension Control {
    /// With one account for all controllers every one of them may do what any may, and the audit log cannot tell them apart.
    ///
    /// Setting: `--use-service-account-credentials` of kube-controller-manager, false unless set. Allowed: true.
    static let controllerManagerAccounts = Control(
        id: "kube-controller-manager-service-account-credentials",
        title: "Give each controller an account of its own",
        severity: .medium,
        duty: "A5",
        summary: "All controllers act with the rights of all.",
        remedy: "Set `--use-service-account-credentials=true`.",
        references: [.cis("1.3.3"), .nsa("role-based access control"), Reference("cwe", "CWE-250")],
        passing: [
            .machine("kube-controller-manager", "--use-service-account-credentials"),
            .pod("kube-controller-manager", args: ["--use-service-account-credentials=true"]),
        ],
        failing: [
            .machine("kube-controller-manager # ✗"),
            .machine("kube-controller-manager", "--use-service-account-credentials=false # ✗"),
            .pod("kube-controller-manager", "--use-service-account-credentials=false # ✗"),
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.require(manager, flag: "use-service-account-credentials", standard: false, is: true)
        })
}
