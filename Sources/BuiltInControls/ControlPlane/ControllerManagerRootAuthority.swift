import Controls
import Documents
import NodeEvidence

extension Control {
    /// Pods get this authority with their token. Without it they cannot verify the API server and send their token to whoever answers.
    ///
    /// Setting: `--root-ca-file` of kube-controller-manager. Allowed: set.
    static let controllerManagerRootAuthority = Control(
        id: "kube-controller-manager-root-ca-file",
        title: "Tell Pods how to verify the API server",
        severity: .medium,
        duty: "A5",
        summary: "Pods cannot verify the API server before they send it their token.",
        remedy: "Set `--root-ca-file`.",
        references: [.cis("1.3.5"), Reference("cwe", "CWE-295")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-controller-manager, argv: [kube-controller-manager, --root-ca-file=/etc/kubernetes/pki/ca.crt]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-controller-manager, namespace: kube-system}
            spec:
              containers:
              - name: kube-controller-manager
                image: registry.example.com/kube-controller-manager:v1.31.2
                command: [kube-controller-manager]
                args:
                - --root-ca-file
                - /etc/kubernetes/pki/ca.crt
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-controller-manager
              argv: # ✗
              - kube-controller-manager
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-controller-manager, namespace: kube-system}
            spec:
              containers:
              - name: kube-controller-manager
                image: registry.example.com/kube-controller-manager:v1.31.2
                command:
                - kube-controller-manager
                - --root-ca-file= # ✗
            """,
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.require(manager, flags: ["root-ca-file"])
        })
}
