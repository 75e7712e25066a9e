import Controls
import Documents
import NodeEvidence

extension Control {
    /// The plugin admits every request. It is deprecated and has no use.
    ///
    /// Setting: `--enable-admission-plugins` of kube-apiserver. Allowed: without `AlwaysAdmit`, which is off by default.
    static let apiServerAlwaysAdmit = Control(
        id: "kube-apiserver-always-admit",
        title: "Switch off AlwaysAdmit",
        severity: .medium,
        duty: "A5",
        summary: "An admission plugin is on that admits everything.",
        remedy: "Take `AlwaysAdmit` out of `--enable-admission-plugins`.",
        references: [.cis("1.2.10")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --enable-admission-plugins=NodeRestriction]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --anonymous-auth=false]}
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
              - --enable-admission-plugins=AlwaysAdmit # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --enable-admission-plugins
              - NodeRestriction,AlwaysAdmit # ✗
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
                - --enable-admission-plugins=AlwaysAdmit # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.refuseAdmission(server, "AlwaysAdmit")
        })
}
