import Controls
import Documents
import NodeEvidence

extension Control {
    /// The plugin sees to it that a Pod uses only Secrets its service account may use, and gives it the account's token.
    ///
    /// Setting: `--disable-admission-plugins` of kube-apiserver. Allowed: without `ServiceAccount`, which is on by default.
    static let apiServerServiceAccountAdmission = Control(
        id: "kube-apiserver-service-account-admission",
        title: "Keep the ServiceAccount admission plugin",
        severity: .high,
        duty: "A5",
        summary: "Pods are admitted without a look at their service account.",
        remedy: "Take `ServiceAccount` out of `--disable-admission-plugins`.",
        references: [.cis("1.2.12"), .nsa("service account tokens")],
        passing: [
            .machine("kube-apiserver", "--anonymous-auth=false"),
            .pod("kube-apiserver", "--disable-admission-plugins=DefaultStorageClass"),
        ],
        failing: [
            .machine("kube-apiserver", "--disable-admission-plugins=ServiceAccount # ✗"),
            .machine("kube-apiserver", "--disable-admission-plugins", "DefaultStorageClass,ServiceAccount # ✗"),
            .pod("kube-apiserver", "--disable-admission-plugins=ServiceAccount # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireAdmission(server, "ServiceAccount", standard: true)
        })
}
