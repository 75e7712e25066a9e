import Controls
import Documents
import NodeEvidence

extension Control {
    /// Profiles show how the program works inside, and taking them costs it time.
    ///
    /// Setting: `--profiling` of kube-controller-manager, true unless set. Allowed: false.
    static let controllerManagerProfiling = Control(
        id: "kube-controller-manager-profiling",
        title: "Switch off profiling of the controller manager",
        severity: .low,
        duty: "A5",
        summary: "Whoever may read `/debug/pprof` sees inside the controller manager and can slow it down.",
        remedy: "Set `--profiling=false`.",
        references: [.cis("1.3.2"), Reference("cwe", "CWE-215")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-controller-manager, argv: [kube-controller-manager, --profiling=false]}
            """
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
              - --profiling # ✗
              - "false"
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
                - --profiling=true # ✗
            """,
        ],
        check: .component(.kubeControllerManager) { manager, report throws(WrongType) in
            report.require(manager, flag: "profiling", standard: true, is: false)
        })
}
