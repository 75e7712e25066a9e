import Controls
import Documents
import NodeEvidence

extension Control {
    /// A busy cluster, or somebody who makes noise on purpose, pushes older files out. Unset, files are kept until the disk is full.
    ///
    /// Setting: `--audit-log-maxbackup` of kube-apiserver, without limit unless set. Allowed: 10 and more.
    static let apiServerAuditLogBackups = Control(
        id: "kube-apiserver-audit-log-maxbackup",
        title: "Keep ten old audit logs",
        severity: .low,
        duty: "A5",
        summary: "Noise pushes older audit logs out, or nobody decided how many stay.",
        remedy: "Set `--audit-log-maxbackup=10` or more.",
        references: [.cis("1.2.18"), .nsa("audit logging and threat detection")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --audit-log-maxbackup=10]}
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
                - --audit-log-maxbackup
                - "11"
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
              - --audit-log-maxbackup=9 # ✗
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
                - --audit-log-maxbackup=10
                - --audit-log-maxbackup=1 # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flag: "audit-log-maxbackup", atLeast: 10)
        })
}
