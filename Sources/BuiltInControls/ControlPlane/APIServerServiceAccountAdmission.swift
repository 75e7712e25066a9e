import Controls
import Documents
import NodeEvidence

extension Control {
    /// The plugin sees to it that a Pod uses only Secrets its service account may use, and gives it the account's token.
    ///
    /// Setting: `--disable-admission-plugins` of kube-apiserver. Allowed: without `ServiceAccount`, which is on by default.
    static let apiServerServiceAccountAdmission = Control(
        id: "kube-apiserver-service-account-admission",
        title: "Keep the ServiceAccount admission plugin",
        severity: .high,
        duty: "A5",
        summary: "Pods are admitted without a look at their service account.",
        remedy: "Take `ServiceAccount` out of `--disable-admission-plugins`.",
        references: [.cis("1.2.12"), .nsa("service account tokens")],
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
              - --disable-admission-plugins=ServiceAccount # ✗
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
              - DefaultStorageClass,ServiceAccount # ✗
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
                - --disable-admission-plugins=ServiceAccount # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireAdmission(server, "ServiceAccount", standard: true)
        })
}
