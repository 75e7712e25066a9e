import Controls
import Documents
import NodeEvidence

extension Control {
    /// Passwords in such a file lie there in clear text and never expire.
    ///
    /// Setting: `--basic-auth-file` of kube-apiserver. Allowed: not set. Version 1.19 removed it.
    static let apiServerBasicAuth = Control(
        id: "kube-apiserver-basic-auth-file",
        title: "Take no passwords from a file",
        severity: .high,
        duty: "A5",
        summary: "Passwords in clear text open the API server, and they never expire.",
        remedy: "Remove `--basic-auth-file`.",
        references: [.nsa("authentication and authorization"), Reference("cwe", "CWE-256")],
        passing: [
            .machine("kube-apiserver", "--anonymous-auth=false")
        ],
        failing: [
            .machine("kube-apiserver", "--basic-auth-file=/etc/kubernetes/users.csv # ✗"),
            .pod("kube-apiserver", "--basic-auth-file", "/etc/kubernetes/users.csv # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.refuse(server, flag: "basic-auth-file", "names passwords in clear text")
        })
}
