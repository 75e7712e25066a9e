import Controls
import Documents
import NodeEvidence

extension Control {
    /// Tokens in such a file never expire, lie there in clear text, and a change needs a restart, so a stolen one is good for months.
    ///
    /// Setting: `--token-auth-file` of kube-apiserver. Allowed: not set.
    static let apiServerTokenAuthFile = Control(
        id: "kube-apiserver-token-auth-file",
        title: "Take no tokens from a file",
        severity: .high,
        duty: "A5",
        summary: "Tokens from a file never expire and cannot be withdrawn without a restart of the API server.",
        remedy: "Remove `--token-auth-file`; use OpenID Connect, client certificates with a short life, or tokens of service accounts.",
        references: [.cis("1.2.2"), .nsa("authentication and authorization"), Reference("cwe", "CWE-256")],
        passing: [
            .machine("kube-apiserver", "--anonymous-auth=false"),
            .machine("kube-apiserver", "--token-auth-file="),
        ],
        failing: [
            .machine("kube-apiserver", "--token-auth-file=/etc/kubernetes/tokens.csv # ✗"),
            .machine("kube-apiserver", "--token-auth-file", "/etc/kubernetes/tokens.csv # ✗"),
            .pod("kube-apiserver", "--token-auth-file=/etc/kubernetes/tokens.csv # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.refuse(server, flag: "token-auth-file", "names tokens that never expire")
        })
}
