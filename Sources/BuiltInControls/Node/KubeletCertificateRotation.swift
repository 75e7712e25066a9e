import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without rotation the kubelet's certificate has to be made to last, and a stolen one is good for as long.
    ///
    /// Settings: `--rotate-certificates` of the kubelet, or `rotateCertificates` in its file, false unless set. Allowed: true. Source:
    /// kubernetes.io, "Kubelet Configuration (v1beta1)".
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
            report.require(kubelet, flag: "rotate-certificates", field: "rotateCertificates", standard: false, is: true)
        })
}
