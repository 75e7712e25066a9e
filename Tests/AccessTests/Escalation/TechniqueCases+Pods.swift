import Access

/// Pods of one's own, running Pods, tokens.
extension TechniqueTests {
    static let running = closed + Rbac.pod("shop/web", account: "boss")
    static let breakout =
        Rbac.namespace("shop", enforce: "restricted")
        + Rbac.pod("shop/web", account: "web", container: ", securityContext: {privileged: true}")
        + Rbac.bind("boss", "cluster-admin", to: "node/agent")

    static let pods: [TechniqueCase] = [
        .init("create-pods", "in a namespace with a stronger account", [closed, ann("create :pods")], "create-pods(ann) > \(toBoss)"),
        .init("create-pods", "in another namespace", [closed, Rbac.namespace("bank", enforce: "baseline"), ann("create :pods", in: "bank")], nil),
        .init("create-pods", "with a name, which never counts", [closed, ann("create :pods web")], nil),
        .init("create-pods", "in the empty namespace of its own kind", [closed, ann("create extensions:pods")], nil),
        .init(
            "create-pods", "everywhere, as a controller of the API server", [ann("create :pods", in: "")],
            "create-pods(ann) > ServiceAccount kube-system/clusterrole-aggregation-controller > "
                + "escalate-cluster-role(system:controller:clusterrole-aggregation-controller) > cluster"),
        .init("create-workloads", "a Deployment", [closed, ann("create apps:deployments")], "create-workloads(ann) > \(toBoss)"),
        .init("create-workloads", "change one by name", [closed, ann("patch batch:cronjobs nightly")], "create-workloads(ann) > \(toBoss)"),
        .init("create-workloads", "look at it", [closed, ann("get,list,delete apps:deployments")], nil),
        .init("create-workloads", "scale it", [closed, ann("patch apps:deployments/scale")], nil),
        .init("exec-into-pods", "any", [running, ann("create :pods/exec")], "exec-into-pods(ann) > \(toBoss)"),
        .init("exec-into-pods", "by name", [running, ann("create :pods/exec web")], "exec-into-pods(ann) > \(toBoss)"),
        .init("exec-into-pods", "another by name", [running, ann("create :pods/exec web-0")], nil),
        .init(
            "exec-into-pods", "of a Deployment by name",
            [closed, Rbac.workload("Deployment", "shop/web", account: "boss"), ann("create :pods/exec web-7d4b9-x2x")],
            "exec-into-pods(ann) > \(toBoss)"),
        .init("exec-into-pods", "without a Pod", [closed, ann("create :pods/exec")], nil),
        .init(
            "exec-into-pods", "a Pod without a token",
            [closed, Rbac.pod("shop/web", account: "boss", spec: "automountServiceAccountToken: false"), ann("create :pods/exec")], nil),
        .init(
            "exec-into-pods", "a Pod whose account mounts none",
            [
                running, "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: boss, namespace: shop}\nautomountServiceAccountToken: false\n",
                ann("create :pods/exec"),
            ], nil),
        .init(
            "exec-into-pods", "a Pod that asks for a token by a volume",
            [
                closed,
                Rbac.pod(
                    "shop/web", account: "boss",
                    spec: "automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}]"),
                ann("create :pods/exec"),
            ], "exec-into-pods(ann) > \(toBoss)"),
        .init("exec-into-pods", "through a subresource wildcard", [running, ann("create :*/exec")], "exec-into-pods(ann) > \(toBoss)"),
        .init("exec-into-pods", "through what looks like one", [running, ann("create :pods/*")], nil),
        .init("exec-into-pods-by-get", "get", [running, ann("get :pods/exec")], "exec-into-pods-by-get(ann) > \(toBoss)"),
        .init("exec-into-pods-by-get", "list", [running, ann("list :pods/exec")], nil),
        .init(
            "attach-to-pods", "a shell", [closed, Rbac.pod("shop/web", account: "boss", container: ", stdin: true"), ann("create :pods/attach")],
            "attach-to-pods(ann) > \(toBoss)"),
        .init("attach-to-pods", "a Pod that does not listen", [running, ann("create :pods/attach")], nil),
        .init(
            "attach-to-pods", "a shell by name",
            [closed, Rbac.pod("shop/web", account: "boss", container: ", stdin: true"), ann("create :pods/attach web")],
            "attach-to-pods(ann) > \(toBoss)"),
        .init("add-ephemeral-containers", "patch", [running, ann("patch :pods/ephemeralcontainers")], "add-ephemeral-containers(ann) > \(toBoss)"),
        .init("add-ephemeral-containers", "create, which the API does not have", [running, ann("create :pods/ephemeralcontainers")], nil),
        .init("change-pod-images", "patch", [running, ann("patch :pods")], "change-pod-images(ann) > \(toBoss)"),
        .init("change-pod-images", "of no Pod", [closed, ann("patch :pods")], nil),
        .init(
            "privileged-debug-container", "in a namespace that is open",
            [
                Rbac.namespace("shop"), Rbac.pod("shop/web", account: "web"), Rbac.workload("DaemonSet", "node/agent", account: "agent"),
                Rbac.bind("boss", "cluster-admin", to: "node/agent"), ann("update :pods/ephemeralcontainers web"),
            ],
            "add-ephemeral-containers(ann) > the Pods of Pod shop/web > privileged-debug-container > root on a node > "
                + "node-tokens > ServiceAccount node/agent > full-access(boss) > cluster"),
        .init(
            "privileged-debug-container", "in a namespace that is closed",
            [
                Rbac.namespace("shop", enforce: "baseline"), Rbac.pod("shop/web", account: "web"),
                Rbac.workload("DaemonSet", "node/agent", account: "agent"), Rbac.bind("boss", "cluster-admin", to: "node/agent"),
                ann("update :pods/ephemeralcontainers web"),
            ], nil),
        .init(
            "privileged-pod", "in a namespace that is open",
            [
                Rbac.namespace("shop", enforce: "privileged"), Rbac.pod("node/agent", account: "agent"),
                Rbac.bind("boss", "cluster-admin", to: "node/agent"), ann("create :pods"),
            ],
            "create-pods(ann) > Pods of one's own in namespace shop > privileged-pod > root on any node > node-tokens > "
                + "ServiceAccount node/agent > full-access(boss) > cluster"),
        .init(
            "privileged-pod", "in a namespace with a level that is none, which is the strictest",
            [
                Rbac.namespace("shop", enforce: "Baseline"), Rbac.pod("node/agent", account: "agent"),
                Rbac.bind("boss", "cluster-admin", to: "node/agent"), ann("create :pods"),
            ], nil),
        .init(
            "lift-pod-security", "of the namespace",
            [
                closed, Rbac.pod("node/agent", account: "agent"), Rbac.bind("agent", "cluster-admin", to: "node/agent"),
                Rbac.namespace("bank", enforce: "restricted"), ann("create :pods", "patch :namespaces", in: "bank"),
            ],
            "lift-pod-security(ann) > root on any node > node-tokens > ServiceAccount node/agent > full-access(agent) > cluster"),
        .init(
            "lift-pod-security", "of another namespace",
            [
                Rbac.pod("node/agent", account: "agent"), Rbac.bind("agent", "cluster-admin", to: "node/agent"),
                Rbac.namespace("bank", enforce: "restricted"), ann("create :pods", "patch :namespaces shop", in: "bank"),
            ], nil),
        .init(
            "host-volume", "with a claim",
            [
                Rbac.namespace("bank", enforce: "restricted"), Rbac.pod("node/agent", account: "agent"),
                Rbac.bind("agent", "cluster-admin", to: "node/agent"), Rbac.clusterRole("pv", "create :persistentvolumes"),
                Rbac.bind("pv", "pv", to: "User ann"), ann("create :pods,persistentvolumeclaims", in: "bank"),
            ],
            "host-volume(pv+ann) > root on any node > node-tokens > ServiceAccount node/agent > full-access(agent) > cluster"),
        .init(
            "host-volume", "without a claim",
            [
                Rbac.namespace("bank", enforce: "restricted"), Rbac.pod("node/agent", account: "agent"),
                Rbac.bind("agent", "cluster-admin", to: "node/agent"), Rbac.clusterRole("pv", "create :persistentvolumes"),
                Rbac.bind("pv", "pv", to: "User ann"), ann("create :pods", in: "bank"),
            ], nil),
    ]

    static let tokens: [TechniqueCase] = [
        .init("create-tokens", "of any account", [closed, ann("create :serviceaccounts/token")], "create-tokens(ann) > \(toBoss)"),
        .init("create-tokens", "by name", [closed, ann("create :serviceaccounts/token boss")], "create-tokens(ann) > \(toBoss)"),
        .init("create-tokens", "another by name", [closed, ann("create :serviceaccounts/token web")], nil),
        .init("create-tokens", "accounts, not tokens", [closed, ann("create,update :serviceaccounts")], nil),
        .init(
            "read-token-secrets", "by list", [closed, Rbac.tokenSecret("shop/t", account: "boss"), ann("list :secrets")],
            "read-token-secrets(ann) > \(toBoss)"),
        .init(
            "read-token-secrets", "by name", [closed, Rbac.tokenSecret("shop/t", account: "boss"), ann("get :secrets t")],
            "read-token-secrets(ann) > \(toBoss)"),
        .init("read-token-secrets", "another by name", [closed, Rbac.tokenSecret("shop/t", account: "boss"), ann("get :secrets u")], nil),
        .init("read-token-secrets", "without a token Secret", [closed, ann("get,list :secrets")], nil),
        .init("create-token-secrets", "create and read", [closed, ann("create,get :secrets")], "create-token-secrets(ann) > \(toBoss)"),
        .init(
            "create-token-secrets", "read by one name", [closed, ann("create :secrets", "get :secrets mine")], "create-token-secrets(ann) > \(toBoss)"
        ),
        .init("create-token-secrets", "create without reading", [closed, ann("create,update,patch,delete :secrets")], nil),
        .init(
            "read-bootstrap-tokens", "of kube-system",
            [
                bootstrapToken, nodeBootstrap, Rbac.pod("node/agent", account: "agent"), Rbac.bind("boss", "cluster-admin", to: "node/agent"),
                ann("get :secrets", in: "kube-system"),
            ],
            "read-bootstrap-tokens(ann) > Group system:bootstrappers:k > request-node-certificates(one+two) > root on any node > "
                + "node-tokens > ServiceAccount node/agent > full-access(boss) > cluster"),
        .init(
            "read-bootstrap-tokens", "of another namespace",
            [
                bootstrapToken, nodeBootstrap, Rbac.pod("node/agent", account: "agent"), Rbac.bind("boss", "cluster-admin", to: "node/agent"),
                ann("get :secrets"),
            ], nil),
        .init(
            "forge-bootstrap-tokens", "in kube-system",
            [
                nodeBootstrap, Rbac.pod("node/agent", account: "agent"), Rbac.bind("boss", "cluster-admin", to: "node/agent"),
                ann("create :secrets", in: "kube-system"),
            ],
            "forge-bootstrap-tokens(ann) > Group system:bootstrappers:k > request-node-certificates(one+two) > root on any node > "
                + "node-tokens > ServiceAccount node/agent > full-access(boss) > cluster"),
        .init("forge-bootstrap-tokens", "whose groups have no rights", [ann("create :secrets", in: "kube-system")], nil),
    ]

    private static let bootstrapToken = """
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
        type: bootstrap.kubernetes.io/token
        data: {usage-bootstrap-authentication: dHJ1ZQ==, auth-extra-groups: c3lzdGVtOmJvb3RzdHJhcHBlcnM6aw==}

        """
    private static let nodeBootstrap =
        Rbac.bind("one", "system:node-bootstrapper", to: "Group system:bootstrappers:k")
        + Rbac.bind("two", "system:certificates.k8s.io:certificatesigningrequests:nodeclient", to: "Group system:bootstrappers:k")
}
