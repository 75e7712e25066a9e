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
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            kubernetesVersion: 1.22.4
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --enable-admission-plugins=PodSecurityPolicy]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.22.4
                command:
                - kube-apiserver
                - --enable-admission-plugins=SecurityContextDeny
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            kubernetesVersion: 1.22.4
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --enable-admission-plugins=NodeRestriction # ✗
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.22.4
                command: # ✗
                - kube-apiserver
                - --secure-port=6443
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard report.version(of: server) < KubernetesVersion(1, 25) else { return report.notApplicable() }
            guard let plugins = report.admissionPlugins(server), case .off = plugins.state(of: "PodSecurityPolicy", standard: false),
                case .off(let setting, _) = plugins.state(of: "SecurityContextDeny", standard: false)
            else { return }
            report.fail(setting.place, "neither PodSecurityPolicy nor SecurityContextDeny is on")
        })
}
