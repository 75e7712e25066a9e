import Controls
import Documents
import NodeEvidence

extension Control {
    /// Profiles show how the program works inside, and taking them costs it time; dumps of its memory hold data.
    ///
    /// Setting: `--enable-pprof` of etcd, false unless set. Allowed: false.
    static let etcdProfiling = Control(
        id: "etcd-enable-pprof",
        title: "Switch off profiling of etcd",
        severity: .low,
        duty: "A5",
        summary: "Profiles of etcd show what it holds in memory and can slow it down.",
        remedy: "Remove `--enable-pprof`.",
        references: [Reference("cwe", "CWE-215")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --name=cp-1]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --enable-pprof=false]}
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: etcd
              argv:
              - etcd
              - --enable-pprof # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: etcd, argv: [etcd, --config-file=/etc/etcd/etcd.yaml]}
            files:
            - path: /etc/etcd/etcd.yaml
              content: | # ✗
                enable-pprof: true
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: etcd, namespace: kube-system}
            spec:
              containers:
              - name: etcd
                image: registry.example.com/etcd:3.5.15-0
                command:
                - etcd
                - --enable-pprof=true # ✗
            """,
        ],
        check: .component(.etcd) { etcd, report throws(WrongType) in
            report.require(etcd, flag: "enable-pprof", field: "enable-pprof", standard: false, is: false)
        })
}
