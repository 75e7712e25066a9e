import Controls
import Documents
import NodeEvidence

extension Control {
    /// With the gate off kubelets keep serving certificates that expire or were stolen.
    ///
    /// Setting: `--feature-gates` of kube-controller-manager. Allowed: `RotateKubeletServerCertificate` not false; it is true by default since
    /// 1.12.
    static let controllerManagerKubeletCertificates = Control(
        id: "kube-controller-manager-kubelet-server-certificates",
        title: "Keep the rotation of kubelets' certificates on",
        severity: .medium,
        duty: "A5",
        summary: "Serving certificates of kubelets are not renewed.",
        remedy: "Remove `RotateKubeletServerCertificate=false` from `--feature-gates`.",
        references: [.cis("1.3.6"), Reference("cwe", "CWE-324")],
        passing: [
            .machine("kube-controller-manager", "--profiling=false"),
            .pod("kube-controller-manager", args: ["--feature-gates=AllBeta=true"]),
        ],
        failing: [
            .machine("kube-controller-manager", "--feature-gates=RotateKubeletServerCertificate=false # ✗"),
            .machine("kube-controller-manager", "--feature-gates", "AllBeta=true,RotateKubeletServerCertificate=false # ✗"),
            .pod("kube-controller-manager", "--feature-gates=RotateKubeletServerCertificate=false # ✗", "--feature-gates=AllBeta=true"),
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            guard let gate = report.featureGate(manager, "RotateKubeletServerCertificate", standard: true) else { return }
            guard let isOn = gate.bool else { return report.undecided(gate, "neither true nor false") }
            if !isOn { report.fail(gate.place, "\(gate.name) is false") }
        })
}
