import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without rotation the kubelet's certificate has to be made to last, and a stolen one is good for as long.
    ///
    /// Settings: `--rotate-certificates` of the kubelet, or `rotateCertificates` in its file, false unless set. Allowed: true. A
    /// kubelet whose kubeconfig signs in by an `exec` plugin or a token has no client certificate to renew, unless somebody set it otherwise.
    /// Source: kubernetes.io, "Kubelet Configuration (v1beta1)".
    static let kubeletCertificateRotation = Control(
        id: "kubelet-rotate-certificates",
        title: "Renew client certificates of the kubelet",
        severity: .low,
        duty: "A5",
        summary: "Client certificates of the kubelet are not renewed, so they have to be good for long.",
        remedy: "Set `rotateCertificates: true` in the configuration file.",
        references: [.cis("4.2.10"), Reference("cwe", "CWE-324")],
        passing: [
            .machine("kubelet", "--rotate-certificates"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    rotateCertificates: true
                    """
                ]),
        ],
        failing: [
            .machine("kubelet # ✗"),
            .machine("kubelet", "--rotate-certificates=false # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    rotateCertificates: false
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            guard let setting = report.setting(kubelet, flag: "rotate-certificates", field: "rotateCertificates", as: .boolean, standard: "false")
            else { return }
            if !setting.isSet, case .read(let kubeconfig) = try kubelet.file(namedBy: "kubeconfig"), try kubeconfig.signsInWithoutCertificate {
                return report.notApplicable()
            }
            report.require(kubelet, flag: "rotate-certificates", field: "rotateCertificates", standard: false, is: true)
        })
}

extension ConfigurationFile {
    /// Whether the user of a kubeconfig's current context shows a token, or what a plugin gives, and no client certificate.
    ///
    /// Source: kubernetes.io, "kubeconfig (v1)".
    fileprivate var signsInWithoutCertificate: Bool {
        get throws(WrongType) {
            let current = try root["current-context"].string() ?? ""
            var name: String?
            for context in try root["contexts"].items() where try context["name"].string() == current {
                name = try context["context"]["user"].string()
            }
            for user in try root["users"].items() where try user["name"].string() == name {
                let credentials = user["user"]
                if credentials["client-certificate"].exists || credentials["client-certificate-data"].exists { return false }
                return ["exec", "token", "tokenFile"].contains { credentials.entry(named: $0).exists }
            }
            return false
        }
    }
}
