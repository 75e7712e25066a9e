import Controls
import Documents
import NodeEvidence

extension Control {
    /// The plugin refuses objects in namespaces that do not exist or are being deleted, and keeps the namespaces that the cluster needs.
    ///
    /// Setting: `--disable-admission-plugins` of kube-apiserver. Allowed: without `NamespaceLifecycle`, which is on by default.
    static let apiServerNamespaceLifecycle = Control(
        id: "kube-apiserver-namespace-lifecycle",
        title: "Keep the NamespaceLifecycle admission plugin",
        severity: .medium,
        duty: "A5",
        summary: "Objects can outlive their namespace, and namespaces that the cluster needs can be deleted.",
        remedy: "Take `NamespaceLifecycle` out of `--disable-admission-plugins`.",
        references: [.cis("1.2.13")],
        passing: [
            .machine("kube-apiserver", "--anonymous-auth=false"),
            .pod("kube-apiserver", "--disable-admission-plugins=DefaultStorageClass"),
        ],
        failing: [
            .machine("kube-apiserver", "--disable-admission-plugins=NamespaceLifecycle # ✗"),
            .machine("kube-apiserver", "--disable-admission-plugins", "DefaultStorageClass,NamespaceLifecycle # ✗"),
            .pod("kube-apiserver", "--disable-admission-plugins=NamespaceLifecycle # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireAdmission(server, "NamespaceLifecycle", standard: true)
        })
}
