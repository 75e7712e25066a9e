import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Without it a container that names no profile may make every system call of the kernel.
    ///
    /// Settings: `--seccomp-default` of the kubelet, or `seccompDefault` in its file, false unless set. Allowed: true. Judged from 1.25 on: before,
    /// the gate `SeccompDefault` is off unless somebody opens it, and the setting does nothing. Source: the table of feature gates of kubernetes.io.
    static let kubeletSeccompDefault = Control(
        id: "kubelet-seccomp-default",
        title: "Run containers under a seccomp profile by default",
        severity: .medium,
        duty: "A5",
        summary: "Containers may make every system call unless their Pod says otherwise.",
        remedy: "Set `seccompDefault: true` in the configuration file.",
        references: [.cis("4.2.14"), .nsa("seccomp"), Reference("cwe", "CWE-1188")],
        passing: [
            .machine("kubelet", "--seccomp-default"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml": """
                    kind: KubeletConfiguration
                    seccompDefault: true
                    """
                ]),
        ],
        failing: [
            .machine("kubelet # ✗"),
            .machine("kubelet", "--seccomp-default=false # ✗"),
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml",
                files: [
                    "/var/lib/kubelet/config.yaml # ✗": """
                    kind: KubeletConfiguration
                    seccompDefault: false
                    """
                ]),
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            guard report.version(of: kubelet) >= KubernetesVersion(1, 25) else { return report.notApplicable() }
            report.require(kubelet, flag: "seccomp-default", field: "seccompDefault", standard: false, is: true)
        })
}
