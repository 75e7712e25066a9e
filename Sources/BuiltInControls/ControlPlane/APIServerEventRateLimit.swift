import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever may create events can flood the API server and etcd with them.
    ///
    /// Setting: `--enable-admission-plugins` of kube-apiserver. Allowed: with `EventRateLimit`, which is off by default.
    static let apiServerEventRateLimit = Control(
        id: "kube-apiserver-event-rate-limit",
        title: "Limit the rate of events",
        severity: .low,
        duty: "A5",
        summary: "A flood of events slows the API server down and fills etcd.",
        remedy: "Add `EventRateLimit` to `--enable-admission-plugins` and configure its limits.",
        references: [.cis("1.2.9"), Reference("cwe", "CWE-770")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --enable-admission-plugins=NodeRestriction,EventRateLimit
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
                - --enable-admission-plugins
                - ResourceQuota
                - --enable-admission-plugins=EventRateLimit
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
              - --enable-admission-plugins=ResourceQuota # ✗
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
                - --enable-admission-plugins=ResourceQuota
                - --disable-admission-plugins=EventRateLimit # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireAdmission(server, "EventRateLimit", standard: false)
        })
}
