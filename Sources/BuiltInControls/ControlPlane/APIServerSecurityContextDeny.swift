import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Before Pod Security admission took over, something else had to refuse Pods that ask for too much.
    ///
    /// Setting: `--enable-admission-plugins` of kube-apiserver up to 1.24. Allowed: with `PodSecurityPolicy` or `SecurityContextDeny`. Version
    /// 1.25 removed the first; Pod Security admission is on from then on.
    static let apiServerSecurityContextDeny = Control(
        id: "kube-apiserver-security-context-deny",
        title: "Judge security contexts before Pod Security admission",
        severity: .medium,
        duty: "A5",
        summary: "Nothing refuses Pods that ask for privileges.",
        remedy: "Upgrade and label namespaces for Pod Security admission, or enable `PodSecurityPolicy`.",
        references: [Reference("cis-1.23", "1.2.13"), .nsa("pod security enforcement")],
        passing: [
            .machine("kube-apiserver", "--enable-admission-plugins=PodSecurityPolicy", version: "1.22.4"),
            .pod("kube-apiserver", "--enable-admission-plugins=SecurityContextDeny", version: "v1.22.4"),
        ],
        failing: [
            .machine("kube-apiserver", "--enable-admission-plugins=NodeRestriction # ✗", version: "1.22.4"),
            .pod("kube-apiserver # ✗", "--secure-port=6443", version: "v1.22.4"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard report.version(of: server) < KubernetesVersion(1, 25) else { return report.notApplicable() }
            guard let plugins = report.admissionPlugins(server), case .off = plugins.state(of: "PodSecurityPolicy", standard: false),
                case .off(let setting, _) = plugins.state(of: "SecurityContextDeny", standard: false)
            else { return }
            report.fail(setting.place, "neither PodSecurityPolicy nor SecurityContextDeny is on")
        })
}
