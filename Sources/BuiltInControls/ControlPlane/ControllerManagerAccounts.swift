import Controls
import Documents
import NodeEvidence

extension Control {
    /// With one account for all controllers every one of them may do what any may, and the audit log cannot tell them apart.
    ///
    /// Setting: `--use-service-account-credentials` of kube-controller-manager, false unless set. Allowed: true.
    static let controllerManagerAccounts = Control(
        id: "kube-controller-manager-service-account-credentials",
        title: "Give each controller an account of its own",
        severity: .medium,
        duty: "A5",
        summary: "All controllers act with the rights of all.",
        remedy: "Set `--use-service-account-credentials=true`.",
        references: [.cis("1.3.3"), .nsa("role-based access control"), Reference("cwe", "CWE-250")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-controller-manager, argv: [kube-controller-manager, --use-service-account-credentials]}
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
                - --use-service-account-credentials=true
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
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-controller-manager
              argv:
              - kube-controller-manager
              - --use-service-account-credentials=false # ✗
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
                - --use-service-account-credentials=false # ✗
            """,
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.require(manager, flag: "use-service-account-credentials", standard: false, is: true)
        })
}
