import Controls
import Documents
import NodeEvidence

extension Control {
    /// Others outside the cluster fetch the keys for its tokens from the issuer's address. Without TLS somebody in between gives them keys of
    /// their own and forges any account.
    ///
    /// Setting: `--service-account-issuer` of kube-apiserver, given once or more. Allowed: no URL that begins with `http:`.
    static let apiServerIssuer = Control(
        id: "kube-apiserver-service-account-issuer",
        title: "Issue tokens under an address with TLS",
        severity: .medium,
        duty: "A5",
        summary: "Whoever trusts the cluster's tokens elsewhere can be given forged keys.",
        remedy: "Set `--service-account-issuer` to an address that begins with `https:`.",
        references: [.nsa("service account tokens"), Reference("cwe", "CWE-319")],
        passing: [
            .machine("kube-apiserver", "--service-account-issuer=https://kubernetes.default.svc.cluster.local"),
            .machine("kube-apiserver", "--service-account-issuer=api"),
        ],
        failing: [
            .machine("kube-apiserver", "--service-account-issuer=http://issuer.example.com # ✗"),
            .pod("kube-apiserver", "--service-account-issuer", "http://issuer.example.com # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard let issuers = report.setting(server, flag: "service-account-issuer") else { return }
            for issuer in issuers.values where issuer.lowercased().hasPrefix("http:") {
                report.fail(issuers.place, "\(issuers.name) is \(issuer), without TLS")
            }
        })
}
