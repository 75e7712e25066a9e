import Controls
import Documents
import NodeEvidence

extension Control {
    /// Profiles show how the program works inside, and taking them costs it time.
    ///
    /// Settings: `--profiling` of kube-scheduler, or `enableProfiling` in the file of `--config`, which makes it look at no flag; true unless
    /// set. Allowed: false.
    static let schedulerProfiling = Control(
        id: "kube-scheduler-profiling",
        title: "Switch off profiling of the scheduler",
        severity: .low,
        duty: "A5",
        summary: "Whoever may read `/debug/pprof` sees inside the scheduler and can slow it down.",
        remedy: "Set `--profiling=false`, or `enableProfiling: false` in the configuration file.",
        references: [.cis("1.4.1"), Reference("cwe", "CWE-215")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-scheduler, argv: [kube-scheduler, --profiling=false]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-scheduler, argv: [kube-scheduler, --config=/etc/kubernetes/scheduler-config.yaml]}
            files:
            - path: /etc/kubernetes/scheduler-config.yaml
              content: |
                kind: KubeSchedulerConfiguration
                enableProfiling: false
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
              - --config=/etc/kubernetes/scheduler-config.yaml
              - --profiling=false
            files:
            - path: /etc/kubernetes/scheduler-config.yaml
              content: | # ✗
                kind: KubeSchedulerConfiguration
                enableProfiling: true
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
                - --profiling=true # ✗
            """,
        ],
        check: .component(.kubeScheduler) { scheduler, report throws(WrongType) in
            report.require(scheduler, flag: "profiling", field: "enableProfiling", standard: true, is: false)
        })
}
