import Controls
import Documents
import NodeEvidence

extension Control {
    /// With the gate off the kubelet keeps a serving certificate that expires or was stolen.
    ///
    /// Settings: `--feature-gates` of the kubelet, merged over `featureGates` in its file. Allowed: `RotateKubeletServerCertificate` not false;
    /// it is true by default since 1.12.
    static let kubeletServerRotation = Control(
        id: "kubelet-rotate-server-certificate",
        title: "Keep the rotation of serving certificates on",
        severity: .medium,
        duty: "A5",
        summary: "The serving certificate of the kubelet is not renewed.",
        remedy: "Remove `RotateKubeletServerCertificate: false` from the feature gates.",
        references: [.cis("4.2.11"), Reference("cwe", "CWE-324")],
        passing: [
            .machine("kubelet", "--config=/var/lib/kubelet/config.yaml", files: ["/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration"]),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml", "--feature-gates=RotateKubeletServerCertificate=true",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    featureGates:
                      RotateKubeletServerCertificate: false
                    """
                ]),
        ],
        failing: [
            .machine("kubelet", "--feature-gates=RotateKubeletServerCertificate=false # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    featureGates:
                      RotateKubeletServerCertificate: false
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            guard let gate = report.featureGate(kubelet, "RotateKubeletServerCertificate", standard: true) else { return }
            guard let isOn = gate.bool else { return report.undecided(gate, "neither true nor false") }
            if !isOn { report.fail(gate.place, "\(gate.name) is false") }
        })
}
