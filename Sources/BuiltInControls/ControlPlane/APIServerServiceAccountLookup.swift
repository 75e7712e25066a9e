import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without the lookup a token stays good after its Secret or account was deleted.
    ///
    /// Setting: `--service-account-lookup` of kube-apiserver, true unless set. Allowed: true.
    static let apiServerServiceAccountLookup = Control(
        id: "kube-apiserver-service-account-lookup",
        title: "Refuse tokens of deleted service accounts",
        severity: .medium,
        duty: "A5",
        summary: "Deleting a service account or its token does not stop whoever holds the token.",
        remedy: "Set `--service-account-lookup=true`.",
        references: [.cis("1.2.21"), Reference("cwe", "CWE-613")],
        passing: [
            .machine("kube-apiserver", "--anonymous-auth=false"),
            .machine("kube-apiserver", "--service-account-lookup"),
        ],
        failing: [
            .machine("kube-apiserver", "--service-account-lookup=false # ✗"),
            .machine("kube-apiserver", "--service_account_lookup=F # ✗"),
            .pod("kube-apiserver", "--service-account-lookup=false # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flag: "service-account-lookup", standard: true, is: true)
        })
}
