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
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --anonymous-auth=false]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command:
                - kube-apiserver
                - --disable-admission-plugins=DefaultStorageClass
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --disable-admission-plugins=NamespaceLifecycle # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --disable-admission-plugins
              - DefaultStorageClass,NamespaceLifecycle # ✗
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command:
                - kube-apiserver
                - --disable-admission-plugins=NamespaceLifecycle # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireAdmission(server, "NamespaceLifecycle", standard: true)
        })
}
