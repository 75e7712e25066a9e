import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without keys of their own the key of the server's TLS certificate verifies tokens: the two can then not be renewed apart.
    ///
    /// Setting: `--service-account-key-file` of kube-apiserver. Allowed: set, or `--service-account-signing-endpoint`, behind which another
    /// program keeps the keys (1.32 and newer).
    static let apiServerServiceAccountKey = Control(
        id: "kube-apiserver-service-account-key-file",
        title: "Verify tokens of service accounts with keys of their own",
        severity: .medium,
        duty: "A5",
        summary: "Tokens hang on the TLS key of the server, so neither can be renewed without the other.",
        remedy: "Set `--service-account-key-file` to public keys that serve nothing else.",
        references: [.cis("1.2.22"), .nsa("service account tokens")],
        passing: [
            .machine("kube-apiserver", "--service-account-key-file=/etc/kubernetes/pki/sa.pub"),
            .pod("kube-apiserver", "--service-account-signing-endpoint=/run/signer.sock"),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .pod("kube-apiserver", "--service-account-key-file= # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard let endpoint = report.setting(server, flag: "service-account-signing-endpoint"), endpoint.text.isEmpty else { return }
            report.require(server, flags: ["service-account-key-file"])
        })
}
