import Controls
import Documents
import NodeEvidence

extension Control {
    /// The plugin admits every request. It is deprecated and has no use.
    ///
    /// Setting: `--enable-admission-plugins` of kube-apiserver. Allowed: without `AlwaysAdmit`, which is off by default.
    static let apiServerAlwaysAdmit = Control(
        id: "kube-apiserver-always-admit",
        title: "Switch off AlwaysAdmit",
        severity: .medium,
        duty: "A5",
        summary: "An admission plugin is on that admits everything.",
        remedy: "Take `AlwaysAdmit` out of `--enable-admission-plugins`.",
        references: [.cis("1.2.10")],
        passing: [
            .machine("kube-apiserver", "--enable-admission-plugins=NodeRestriction"),
            .machine("kube-apiserver", "--anonymous-auth=false"),
        ],
        failing: [
            .machine("kube-apiserver", "--enable-admission-plugins=AlwaysAdmit # ✗"),
            .machine("kube-apiserver", "--enable-admission-plugins", "NodeRestriction,AlwaysAdmit # ✗"),
            .pod("kube-apiserver", "--enable-admission-plugins=AlwaysAdmit # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.refuseAdmission(server, "AlwaysAdmit")
        })
}
