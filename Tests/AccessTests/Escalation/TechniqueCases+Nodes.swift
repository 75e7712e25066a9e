import Access

/// Certificates, nodes, admission.
extension TechniqueTests {
    private static let requests = "create certificates:certificatesigningrequests"
    private static let approval = "update certificates:certificatesigningrequests/approval"
    private static let agent = Rbac.pod("node/agent", account: "agent") + Rbac.bind("boss", "cluster-admin", to: "node/agent")
    private static let fromNodes = "root on any node > node-tokens > ServiceAccount node/agent > full-access(boss) > cluster"

    static let certificates: [TechniqueCase] = [
        .init(
            "approve-client-certificates", "as a user with rights",
            [
                ann(requests, approval, "approve certificates:signers kubernetes.io/kube-apiserver-client", in: ""),
                Rbac.bind("bob", "cluster-admin", to: "User bob"),
            ],
            "approve-client-certificates(ann) > User bob > full-access(bob) > cluster"),
        .init(
            "approve-client-certificates", "by the domain of the signer",
            [ann(requests, approval, "approve certificates:signers kubernetes.io/*", in: ""), Rbac.bind("ops", "cluster-admin", to: "Group ops")],
            "approve-client-certificates(ann) > Group ops > full-access(ops) > cluster"),
        .init(
            "approve-client-certificates", "of another signer",
            [ann(requests, approval, "approve certificates:signers example.com/mine", in: ""), Rbac.bind("bob", "cluster-admin", to: "User bob")], nil
        ),
        .init(
            "approve-client-certificates", "without the right to approve",
            [ann(requests, approval, in: ""), Rbac.bind("bob", "cluster-admin", to: "User bob")], nil),
        .init(
            "approve-client-certificates", "to sign instead of to approve",
            [
                ann(requests, "update certificates:certificatesigningrequests/status", "sign certificates:signers", in: ""),
                Rbac.bind("bob", "cluster-admin", to: "User bob"),
            ], nil),
        .init(
            "approve-node-certificates", "of kubelets",
            [agent, ann(requests, approval, "approve certificates:signers kubernetes.io/kube-apiserver-client-kubelet", in: "")],
            "approve-node-certificates(ann) > \(fromNodes)"),
        .init(
            "approve-node-certificates", "of serving certificates",
            [agent, ann(requests, approval, "approve certificates:signers kubernetes.io/kubelet-serving", in: "")], nil),
        .init(
            "request-node-certificates", "approved by itself",
            [agent, ann(requests, "create certificates:certificatesigningrequests/nodeclient", in: "")],
            "request-node-certificates(ann) > \(fromNodes)"),
        .init(
            "request-node-certificates", "for the own name only",
            [agent, ann(requests, "create certificates:certificatesigningrequests/selfnodeclient", in: "")], nil),
    ]

    static let nodes: [TechniqueCase] = [
        .init("proxy-to-kubelets", "get", [running, ann("get :nodes/proxy", in: "")], "proxy-to-kubelets(ann) > \(toBoss)"),
        .init("proxy-to-kubelets", "one node", [running, ann("create :nodes/proxy worker-1", in: "")], "proxy-to-kubelets(ann) > \(toBoss)"),
        .init("proxy-to-kubelets", "metrics", [running, ann("get :nodes/metrics,nodes/stats,nodes/log", in: "")], nil),
        .init(
            "break-out-of-pod", "a privileged Pod",
            [breakout, Rbac.workload("DaemonSet", "node/agent", account: "agent"), ann("create :pods/exec web")],
            "exec-into-pods(ann) > the Pods of Pod shop/web > break-out-of-pod > root on a node > node-tokens > "
                + "ServiceAccount node/agent > full-access(boss) > cluster"),
        .init(
            "break-out-of-pod", "a Pod with the runtime's socket",
            [
                Rbac.namespace("shop", enforce: "restricted"), Rbac.bind("boss", "cluster-admin", to: "node/agent"),
                Rbac.pod("shop/web", account: "web", spec: "volumes: [{name: s, hostPath: {path: /var/run/docker.sock}}]"),
                Rbac.workload("DaemonSet", "node/agent", account: "agent"), ann("create :pods/exec web"),
            ],
            "exec-into-pods(ann) > the Pods of Pod shop/web > break-out-of-pod > root on a node > node-tokens > "
                + "ServiceAccount node/agent > full-access(boss) > cluster"),
        .init(
            "break-out-of-pod", "an ordinary Pod",
            [
                Rbac.namespace("shop", enforce: "restricted"), Rbac.bind("boss", "cluster-admin", to: "node/agent"),
                Rbac.pod("shop/web", account: "web"), Rbac.workload("DaemonSet", "node/agent", account: "agent"), ann("create :pods/exec web"),
            ], nil),
        .init(
            "neighbouring-pods", "a Pod that may run there", [breakout, Rbac.pod("node/agent", account: "agent"), ann("create :pods/exec web")],
            "exec-into-pods(ann) > the Pods of Pod shop/web > break-out-of-pod > root on a node > neighbouring-pods > "
                + "ServiceAccount node/agent > full-access(boss) > cluster"),
        .init("neighbouring-pods", "an account without Pods", [breakout, ann("create :pods/exec web")], nil),
        .init("node-tokens", "an account without Pods", [breakout, Rbac.namespace("bank"), ann("create :pods", in: "bank")], nil),
        .init(
            "steal-pods", "onto a node one breaks out to",
            [
                breakout, Rbac.pod("node/agent", account: "agent"), ann("create :pods/exec web"), Rbac.clusterRole("taint", "patch :nodes"),
                Rbac.bind("taint", "taint", to: "User ann"),
            ],
            "steal-pods(taint+ann) > root on any node > node-tokens > ServiceAccount node/agent > full-access(boss) > cluster"),
        .init(
            "steal-pods", "without a node", [agent, Rbac.clusterRole("taint", "patch :nodes"), Rbac.bind("taint", "taint", to: "User ann")], nil),
        .init(
            "control-plane-node", "by a privileged Pod",
            [
                "---\napiVersion: v1\nkind: Node\nmetadata: {name: m, labels: {node-role.kubernetes.io/control-plane: \"\"}}\n",
                Rbac.namespace("bank"),
                ann("create :pods", in: "bank"),
            ],
            "create-pods(ann) > Pods of one's own in namespace bank > privileged-pod > root on any node > control-plane-node > cluster"),
        .init(
            "control-plane-node", "where workers are all there is",
            ["---\napiVersion: v1\nkind: Node\nmetadata: {name: m, labels: {}}\n", Rbac.namespace("bank"), ann("create :pods", in: "bank")], nil),
    ]

    static let admission: [TechniqueCase] = [
        .init(
            "mutate-by-webhook", "create", [ann("create admission:mutatingwebhookconfigurations", in: "")],
            "mutate-by-webhook(ann) > cluster"),
        .init(
            "mutate-by-webhook", "one by name", [ann("patch admission:mutatingwebhookconfigurations injector", in: "")],
            "mutate-by-webhook(ann) > cluster"),
        .init("mutate-by-webhook", "create by name", [ann("create admission:mutatingwebhookconfigurations x", in: "")], nil),
        .init("mutate-by-webhook", "in a namespace", [ann("create admission:mutatingwebhookconfigurations")], nil),
        .init(
            "mutate-by-policy", "policies and bindings",
            [ann("create admission:mutatingadmissionpolicies,mutatingadmissionpolicybindings", in: "")],
            "mutate-by-policy(ann) > cluster"),
        .init("mutate-by-policy", "policies alone", [ann("create admission:mutatingadmissionpolicies", in: "")], nil),
        .init(
            "watch-by-webhook", "with a token Secret",
            [Rbac.boss, Rbac.tokenSecret("shop/t", account: "boss"), ann("create admission:validatingwebhookconfigurations", in: "")],
            "watch-by-webhook(ann) > \(toBoss)"),
        .init(
            "watch-by-webhook", "without one", [Rbac.boss, ann("create admission:validatingwebhookconfigurations", in: "")], nil),
        .init(
            "replace-api-group", "create", [ann("create registration:apiservices", in: "")], "replace-api-group(ann) > cluster"),
        .init("replace-api-group", "look", [ann("get,list registration:apiservices", in: "")], nil),
        .init(
            "map-cloud-identities", "where the map is", [cloudMap, ann("patch :configmaps aws-auth", in: "kube-system")],
            "map-cloud-identities(ann) > cluster"),
        .init("map-cloud-identities", "another ConfigMap", [cloudMap, ann("patch :configmaps coredns", in: "kube-system")], nil),
        .init("map-cloud-identities", "where no map is", [ann("patch :configmaps", in: "kube-system")], nil),
        .init("map-cloud-identities", "another namespace", [cloudMap, ann("patch :configmaps aws-auth")], nil),
    ]

    private static let cloudMap = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\ndata: {mapRoles: \"\"}\n"
}
