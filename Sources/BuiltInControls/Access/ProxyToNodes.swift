import Controls

extension Control {
    /// `nodes/proxy` speaks to the kubelet with the API server's identity: commands in every Pod of the node, past admission
    /// and past the audit log of the API server. `get` is enough, since the kubelet takes websockets.
    ///
    /// Fields: `nodes/proxy` in `rules`. Allowed: none.
    static let proxyToNodes = Control(
        id: "proxy-to-nodes",
        title: "Do not allow the proxy of nodes",
        severity: .critical,
        duty: "C3",
        summary: "Through the proxy of a node its holder runs commands in every Pod there, unseen by admission and audit.",
        remedy: "Remove `nodes/proxy`; monitoring reads metrics with `nodes/metrics` and `nodes/stats`.",
        references: [.cis("5.1.10"), Reference("mitre-attack", "T1609")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: metrics}
            rules:
            - apiGroups: [""]
              resources:
              - nodes/metrics
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: metrics}
            rules:
            - apiGroups: [""]
              resources:
              - nodes
              - nodes/proxy # ✗
              verbs:
              - get
            """
        ],
        check: .powers(.nodesProxy))
}
