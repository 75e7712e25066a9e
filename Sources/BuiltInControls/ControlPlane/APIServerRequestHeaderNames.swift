import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever shows a certificate of this authority and has an allowed name may say in headers who they are, `system:masters` included. Without
    /// names every certificate of it will do.
    ///
    /// Settings: `--requestheader-client-ca-file` and `--requestheader-allowed-names` of kube-apiserver. Allowed: names set wherever the
    /// authority is.
    static let apiServerRequestHeaderNames = Control(
        id: "kube-apiserver-requestheader-allowed-names",
        title: "Name who may speak for others",
        severity: .high,
        duty: "A5",
        summary: "Every certificate of the authority can act as anybody, administrators included.",
        remedy: "Set `--requestheader-allowed-names` to the name of the front proxy's certificate.",
        references: [.nsa("authentication and authorization"), Reference("cwe", "CWE-290")],
        passing: [
            .machine(
                "kube-apiserver", "--requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt",
                "--requestheader-allowed-names=front-proxy-client"),
            .machine("kube-apiserver", "--anonymous-auth=false"),
        ],
        failing: [
            .machine("kube-apiserver", "--requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt # ✗"),
            .pod("kube-apiserver", "--requestheader-client-ca-file=/etc/kubernetes/pki/ca.crt", "--requestheader-allowed-names= # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard let authority = report.setting(server, flag: "requestheader-client-ca-file"), !authority.text.isEmpty,
                let names = report.setting(server, flag: "requestheader-allowed-names"), names.items.isEmpty
            else { return }
            let state = names.isSet ? "empty" : "not set"
            report.fail(
                names.isSet ? names.place : authority.place,
                "--requestheader-allowed-names is \(state): any certificate of \(authority.text) will do")
        })
}
