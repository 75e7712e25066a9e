import Controls
import Documents
import NodeEvidence

extension Control {
    /// Pods get this authority with their token. Without it they cannot verify the API server and send their token to whoever answers.
    ///
    /// Setting: `--root-ca-file` of kube-controller-manager. Allowed: set.
    static let controllerManagerRootAuthority = Control(
        id: "kube-controller-manager-root-ca-file",
        title: "Tell Pods how to verify the API server",
        severity: .medium,
        duty: "A5",
        summary: "Pods cannot verify the API server before they send it their token.",
        remedy: "Set `--root-ca-file`.",
        references: [.cis("1.3.5"), Reference("cwe", "CWE-295")],
        passing: [
            .machine("kube-controller-manager", "--root-ca-file=/etc/kubernetes/pki/ca.crt"),
            .pod("kube-controller-manager", args: ["--root-ca-file", "/etc/kubernetes/pki/ca.crt"]),
        ],
        failing: [
            .machine("kube-controller-manager # ✗"),
            .pod("kube-controller-manager", "--root-ca-file= # ✗"),
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.require(manager, flags: ["root-ca-file"])
        })
}
