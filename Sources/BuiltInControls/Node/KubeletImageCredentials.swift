import Controls
import Documents
import NodeEvidence

extension Control {
    /// With `NeverVerify` a Pod runs an image that another one pulled with its credentials.
    ///
    /// Setting: `imagePullCredentialsVerificationPolicy` in the kubelet's file, `NeverVerifyPreloadedImages` unless set. Allowed: anything but
    /// `NeverVerify`. Source: kubernetes.io, "Images".
    static let kubeletImageCredentials = Control(
        id: "kubelet-image-pull-credentials",
        title: "Ask for credentials of images that lie on the machine",
        severity: .medium,
        duty: "A5",
        summary: "Private images that lie on the machine can be used by Pods that may not pull them.",
        remedy: "Remove `imagePullCredentialsVerificationPolicy: NeverVerify`.",
        references: [Reference("cwe", "CWE-862")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"])
        ],
        failing: [
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    imagePullCredentialsVerificationPolicy: NeverVerify
                    """
                ])
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            guard let policy = report.setting(kubelet, flag: nil, field: "imagePullCredentialsVerificationPolicy"), policy.text == "NeverVerify"
            else { return }
            report.fail(policy.place, "\(policy.name) is NeverVerify")
        })
}
