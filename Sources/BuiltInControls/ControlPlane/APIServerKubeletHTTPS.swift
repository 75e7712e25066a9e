import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without TLS whatever passes between the API server and kubelets can be read and changed: logs, `kubectl exec`, credentials.
    ///
    /// Setting: `--kubelet-https` of kube-apiserver, true unless set. Allowed: true. Version 1.22 removed the flag: TLS is always spoken.
    static let apiServerKubeletHTTPS = Control(
        id: "kube-apiserver-kubelet-https",
        title: "Speak to kubelets over TLS",
        severity: .high,
        duty: "A5",
        summary: "Logs, `exec` sessions and credentials pass between API server and kubelets in clear text.",
        remedy: "Remove `--kubelet-https=false`.",
        references: [Reference("cis-1.23", "1.2.4"), Reference("cwe", "CWE-319")],
        passing: [
            .machine("kube-apiserver", "--kubelet-https=true"),
            .machine("kube-apiserver", "--anonymous-auth=false"),
        ],
        failing: [
            .machine("kube-apiserver", "--kubelet-https=false # ✗", version: "1.20.2"),
            .pod("kube-apiserver", "--kubelet-https=false # ✗", version: "v1.20.2"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flag: "kubelet-https", standard: true, is: true)
        })
}
