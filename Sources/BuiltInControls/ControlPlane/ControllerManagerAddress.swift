import Controls
import Documents
import NodeEvidence

extension Control {
    /// Metrics and profiles of the program are there for whoever reaches the port and is let in. Nothing on other machines needs them as a rule.
    ///
    /// Settings: `--bind-address` of kube-controller-manager, 0.0.0.0 unless set; `--address`, which 1.24 removed. Allowed: a loopback address.
    static let controllerManagerAddress = Control(
        id: "kube-controller-manager-bind-address",
        title: "Let the controller manager listen on its own machine only",
        severity: .low,
        duty: "A5",
        summary: "The controller manager can be reached from the network.",
        remedy: "Set `--bind-address=127.0.0.1`.",
        references: [.cis("1.3.7"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-controller-manager, argv: [kube-controller-manager, --bind-address=127.0.0.1]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-controller-manager
              argv:
              - kube-controller-manager
              - --bind-address
              - "::1"
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
              - --bind-address=127.0.0.1
              - --address=0.0.0.0 # ✗
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
                - --bind-address=0.0.0.0 # ✗
            """,
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.requireLoopback(manager, flag: "bind-address", standard: "0.0.0.0")
            report.requireLoopback(manager, flag: "address", standard: "127.0.0.1")
        })
}
