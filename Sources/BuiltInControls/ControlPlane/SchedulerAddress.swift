import Controls
import Documents
import NodeEvidence

extension Control {
    /// Metrics and profiles of the program are there for whoever reaches the port and is let in. Nothing on other machines needs them as a rule.
    ///
    /// Settings: `--bind-address` of kube-scheduler, 0.0.0.0 unless set; `--address`, which 1.24 removed. Allowed: a loopback address.
    static let schedulerAddress = Control(
        id: "kube-scheduler-bind-address",
        title: "Let the scheduler listen on its own machine only",
        severity: .low,
        duty: "A5",
        summary: "The scheduler can be reached from the network.",
        remedy: "Set `--bind-address=127.0.0.1`.",
        references: [.cis("1.4.2"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-scheduler, argv: [kube-scheduler, --bind-address=127.0.0.1]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-scheduler
              argv:
              - kube-scheduler
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
            - name: kube-scheduler
              argv: # ✗
              - kube-scheduler
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-scheduler
              argv:
              - kube-scheduler
              - --bind-address=127.0.0.1
              - --address=0.0.0.0 # ✗
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-scheduler, namespace: kube-system}
            spec:
              containers:
              - name: kube-scheduler
                image: registry.example.com/kube-scheduler:v1.31.2
                command:
                - kube-scheduler
                - --bind-address=0.0.0.0 # ✗
            """,
        ],
        check: .component(.kubeScheduler) { scheduler, report throws(WrongType) in
            report.requireLoopback(scheduler, flag: "bind-address", standard: "0.0.0.0")
            report.requireLoopback(scheduler, flag: "address", standard: "127.0.0.1")
        })
}
