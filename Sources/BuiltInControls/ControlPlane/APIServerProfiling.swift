import Controls
import Documents
import NodeEvidence

extension Control {
    /// Profiles show how the program works inside, and taking them costs it time.
    ///
    /// Setting: `--profiling` of kube-apiserver, true unless set. Allowed: false.
    static let apiServerProfiling = Control(
        id: "kube-apiserver-profiling",
        title: "Switch off profiling of the API server",
        severity: .low,
        duty: "A5",
        summary: "Whoever may read `/debug/pprof` sees inside the API server and can slow it down.",
        remedy: "Set `--profiling=false`.",
        references: [.cis("1.2.15"), Reference("cwe", "CWE-215")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --profiling=false]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command: [kube-apiserver]
                args:
                - --profiling=false
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv: # ✗
              - kube-apiserver
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --profiling=false
              - --profiling # ✗
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
                - --profiling=true # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flag: "profiling", standard: true, is: false)
        })
}
