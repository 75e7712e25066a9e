import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// To spare old clients the API server makes tokens in Pods good for a year instead of an hour. A stolen one is then good for as long.
    ///
    /// Setting: `--service-account-extend-token-expiration` of kube-apiserver from 1.20 on, true unless set. Allowed: false.
    static let apiServerTokenExtension = Control(
        id: "kube-apiserver-extended-tokens",
        title: "Let tokens of service accounts expire when they say",
        severity: .low,
        duty: "A5",
        summary: "Tokens of service accounts stay good for a year although they say an hour.",
        remedy: "Set `--service-account-extend-token-expiration=false` once clients read their token anew.",
        references: [.cis("1.2.30"), Reference("cwe", "CWE-613")],
        passing: [
            .machine("kube-apiserver", "--service-account-extend-token-expiration=false")
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .pod("kube-apiserver", "--service-account-extend-token-expiration=true # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard report.version(of: server) >= KubernetesVersion(1, 20) else { return report.notApplicable() }
            report.require(server, flag: "service-account-extend-token-expiration", standard: true, is: false)
        })
}
