import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without a key the controller manager signs no tokens for service accounts; with one of its own it can be renewed without touching anything
    /// else.
    ///
    /// Setting: `--service-account-private-key-file` of kube-controller-manager. Allowed: set.
    static let controllerManagerTokenKey = Control(
        id: "kube-controller-manager-service-account-private-key",
        title: "Sign tokens with a key of their own",
        severity: .medium,
        duty: "A5",
        summary: "Tokens of service accounts are not signed with a key that can be renewed.",
        remedy: "Set `--service-account-private-key-file`.",
        references: [.cis("1.3.4"), .nsa("service account tokens")],
        passing: [
            .machine("kube-controller-manager", "--service-account-private-key-file=/etc/kubernetes/pki/sa.key"),
            .pod("kube-controller-manager", args: ["--service-account-private-key-file", "/etc/kubernetes/pki/sa.key"]),
        ],
        failing: [
            .machine("kube-controller-manager # ✗"),
            .pod("kube-controller-manager", "--service-account-private-key-file= # ✗"),
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.require(manager, flags: ["service-account-private-key-file"])
        })
}
