extension Benchmark {
    /// Rows for Kubernetes 1.32 to 1.34, and the words of most rows of the other editions.
    public static let cis1x12 = Benchmark(
        id: "cis-1.12", title: "CIS Kubernetes Benchmark 1.12",
        sections: [
            Section("1.1", "Files of the control plane"), Section("1.2", "API server"), Section("1.3", "Controller manager"),
            Section("1.4", "Scheduler"), Section("2", "etcd"), Section("3.1", "Who may sign in, and how"), Section("3.2", "Audit log"),
            Section("4.1", "Files of the nodes"), Section("4.2", "Kubelet"), Section("4.3", "kube-proxy"),
            Section("5.1", "Roles and service accounts"), Section("5.2", "Pod security"), Section("5.3", "Network policies"),
            Section("5.4", "Secrets"), Section("5.5", "Admission by others"), Section("5.6", "General"),
        ],
        rows: controlPlaneFiles, controlPlanePrograms, signIn, nodes, roles, podSecurity, otherPolicies)

    private static let controlPlaneFiles: [Row] = [
        Row("1.1.1", "Restrict the mode of the API server's manifest"),
        Row("1.1.2", "Give the API server's manifest to root"),
        Row("1.1.3", "Restrict the mode of the controller manager's manifest"),
        Row("1.1.4", "Give the controller manager's manifest to root"),
        Row("1.1.5", "Restrict the mode of the scheduler's manifest"),
        Row("1.1.6", "Give the scheduler's manifest to root"),
        Row("1.1.7", "Restrict the mode of etcd's manifest"),
        Row("1.1.8", "Give etcd's manifest to root"),
        Row("1.1.9", "Restrict the modes of the network plugins' configuration"),
        Row("1.1.10", "Give the network plugins' configuration to root"),
        Row("1.1.11", "Restrict the mode of etcd's data directory"),
        Row("1.1.12", "Give etcd's data directory to a user of its own"),
        Row("1.1.13", "Restrict the modes of administrators' kubeconfigs"),
        Row("1.1.14", "Give administrators' kubeconfigs to root"),
        Row("1.1.15", "Restrict the mode of the scheduler's kubeconfig"),
        Row("1.1.16", "Give the scheduler's kubeconfig to root"),
        Row("1.1.17", "Restrict the mode of the controller manager's kubeconfig"),
        Row("1.1.18", "Give the controller manager's kubeconfig to root"),
        Row("1.1.19", "Give the cluster's certificates and keys to root"),
        Row("1.1.20", "Restrict the modes of the cluster's certificates"),
        Row("1.1.21", "Restrict the modes of the cluster's private keys"),
    ]

    private static let controlPlanePrograms: [Row] = [
        Row("1.2.1", "Refuse anonymous requests to the API server"),
        Row("1.2.2", "Use no file of static tokens"),
        Row("1.2.3", "Enable the admission plugin that denies external addresses of Services"),
        Row("1.2.4", "Let the API server show kubelets a client certificate"),
        Row("1.2.5", "Let the API server verify kubelets' certificates"),
        Row("1.2.6", "Do not authorize every request"),
        Row("1.2.7", "Authorize kubelets with the authorizer for nodes"),
        Row("1.2.8", "Authorize requests by roles"),
        Row("1.2.9", "Limit the rate of events at admission"),
        Row("1.2.10", "Keep the admission plugin that admits everything disabled"),
        Row("1.2.11", "Check the right to an image each time a Pod starts"),
        Row("1.2.12", "Keep the admission plugin for service accounts enabled"),
        Row("1.2.13", "Keep the admission plugin for the lives of namespaces enabled"),
        Row("1.2.14", "Restrict kubelets to their own Node and its Pods"),
        Row("1.2.15", "Turn off profiling of the API server"),
        Row("1.2.16", "Write an audit log"),
        Row("1.2.17", "Keep audit logs for 30 days or more"),
        Row("1.2.18", "Keep ten old audit log files or more"),
        Row("1.2.19", "Let an audit log file grow to 100 MB before the next one starts"),
        Row(
            "1.2.20", "Set a timeout of requests that fits the cluster",
            lookAt: "`--request-timeout` of kube-apiserver. It is one minute unless set; a longer one needs a reason, for slow links "
                + "say, since slow requests hold connections and memory that long."),
        Row("1.2.21", "Look up the service account of a token before accepting it"),
        Row("1.2.22", "Verify service account tokens with a key of their own"),
        Row("1.2.23", "Let the API server show etcd a client certificate"),
        Row("1.2.24", "Serve the API with a certificate that somebody issued"),
        Row("1.2.25", "Verify client certificates against an authority"),
        Row("1.2.26", "Let the API server verify etcd's certificate"),
        Row("1.2.27", "Configure encryption of what etcd stores"),
        Row("1.2.28", "Choose encryption providers that are strong"),
        Row("1.2.29", "Offer strong cipher suites only at the API server"),
        Row("1.2.30", "Do not extend the lives of service account tokens"),
        Row("1.3.1", "Set how many finished Pods are kept"),
        Row("1.3.2", "Turn off profiling of the controller manager"),
        Row("1.3.3", "Give each controller a service account of its own"),
        Row("1.3.4", "Sign service account tokens with a private key of their own"),
        Row("1.3.5", "Hand Pods the authority of the API server's certificate"),
        Row("1.3.6", "Keep the rotation of kubelets' serving certificates enabled in the controller manager"),
        Row("1.3.7", "Bind the controller manager to the loopback address"),
        Row("1.4.1", "Turn off profiling of the scheduler"),
        Row("1.4.2", "Bind the scheduler to the loopback address"),
        Row("2.1", "Serve etcd's clients over TLS"),
        Row("2.2", "Demand a client certificate from etcd's clients"),
        Row("2.3", "Do not let etcd sign its own certificates for clients"),
        Row("2.4", "Encrypt what members of etcd tell each other"),
        Row("2.5", "Demand a client certificate from members of etcd"),
        Row("2.6", "Do not let etcd sign its own certificates for members"),
        Row("2.7", "Give etcd a certificate authority of its own"),
    ]

    private static let signIn: [Row] = [
        Row(
            "3.1.1", "Let people sign in without client certificates",
            lookAt: "How people get their kubeconfigs. A certificate cannot be withdrawn before it expires: people sign in through an "
                + "identity provider (`--oidc-issuer-url` or `--authentication-config`), and no person's kubeconfig holds "
                + "`client-certificate`."),
        Row(
            "3.1.2", "Let people sign in without service account tokens",
            lookAt: "Kubeconfigs and pipelines that people use, and Secrets of type `kubernetes.io/service-account-token`. Service "
                + "accounts are for programs; a person who uses one acts under a name that others share."),
        Row(
            "3.1.3", "Let people sign in without bootstrap tokens",
            lookAt: "Secrets of type `bootstrap.kubernetes.io/token` in `kube-system` and `--enable-bootstrap-token-auth`. Each token "
                + "has an end date, joins nodes only (no `auth-extra-groups` with rights), and nobody signs in with one."),
        Row("3.2.1", "Configure an audit policy"),
        Row(
            "3.2.2", "Record what an investigation needs",
            lookAt: "The file of `--audit-policy-file`. It records at least metadata of access to Secrets, ConfigMaps and token reviews "
                + "(not their bodies), changes of workloads, and `exec`, `attach`, `port-forward` and `proxy`."),
    ]

    private static let nodes: [Row] = [
        Row("4.1.1", "Restrict the mode of the kubelet's service file"),
        Row("4.1.2", "Give the kubelet's service file to root"),
        Row("4.1.3", "Restrict the mode of kube-proxy's kubeconfig"),
        Row("4.1.4", "Give kube-proxy's kubeconfig to root"),
        Row("4.1.5", "Restrict the mode of the kubelet's kubeconfig"),
        Row("4.1.6", "Give the kubelet's kubeconfig to root"),
        Row("4.1.7", "Restrict the mode of the authority for the kubelet's clients"),
        Row("4.1.8", "Give the authority for the kubelet's clients to root"),
        Row("4.1.9", "Restrict the mode of the kubelet's configuration"),
        Row("4.1.10", "Give the kubelet's configuration to root"),
        Row("4.2.1", "Refuse anonymous requests to the kubelet"),
        Row("4.2.2", "Let the kubelet ask the API server who may do what"),
        Row("4.2.3", "Let the kubelet verify client certificates"),
        Row("4.2.4", "Close the kubelet's read-only port"),
        Row("4.2.5", "Let idle streams to the kubelet time out"),
        Row("4.2.6", "Let the kubelet keep its packet filter rules"),
        Row("4.2.7", "Let nodes keep the names that their certificates carry"),
        Row("4.2.8", "Let the kubelet record enough events"),
        Row("4.2.9", "Serve the kubelet's API with a certificate that somebody issued"),
        Row("4.2.10", "Renew the kubelet's client certificate before it expires"),
        Row("4.2.11", "Renew the kubelet's serving certificate before it expires"),
        Row("4.2.12", "Offer strong cipher suites only at the kubelet"),
        Row("4.2.13", "Limit the number of processes of a Pod"),
        Row("4.2.14", "Run containers with the runtime's seccomp profile unless they name one"),
        Row("4.3.1", "Bind kube-proxy's metrics to the loopback address"),
    ]

    private static let roles: [Row] = [
        Row(
            "5.1.1", "Bind cluster-admin only where nothing less will do",
            guidance: "`kubectl get clusterrolebindings -o wide`, those of `cluster-admin`. Each subject but `system:masters` has a "
                + "reason on record that no narrower role would serve."),
        Row(
            "5.1.2", "Limit who reads Secrets",
            guidance: "`demarc access who-can get secrets -A`, likewise `list` and `watch`. Only those stand there who cannot work "
                + "without."),
        Row(
            "5.1.3", "Name resources and verbs in roles instead of wildcards",
            guidance: "`kubectl get roles,clusterroles -A -o yaml`. No role of yours says `*` for verbs, resources or API groups."),
        Row(
            "5.1.4", "Limit who creates Pods",
            guidance: "`demarc access who-can create pods -A`, and workload kinds likewise. Whoever creates Pods can use every Secret "
                + "and service account of the namespace."),
        Row(
            "5.1.5", "Leave the default service accounts without rights and tokens",
            guidance: "`kubectl get serviceaccounts -A --field-selector metadata.name=default -o yaml`. Each says "
                + "`automountServiceAccountToken: false`, none is bound to a role, and Pods name accounts of their own."),
        Row(
            "5.1.6", "Mount service account tokens only where they are used",
            guidance: "Pods without `automountServiceAccountToken: false`, their own or their account's. Each of them calls the API "
                + "server."),
        Row(
            "5.1.7", "Keep everybody out of the group system:masters",
            lookAt: "Client certificates with `O=system:masters` (administrators' kubeconfigs, approved signing requests) and groups "
                + "that the identity provider or webhook hands out. No authorizer can refuse that group: only a sealed emergency "
                + "credential is in it."),
        Row(
            "5.1.8", "Limit the verbs bind, impersonate and escalate",
            lookAt: "Roles with `bind`, `escalate` or `impersonate` and who is bound to them (`demarc access risks`). Each holder could "
                + "as well be given what the verb leads to."),
        Row(
            "5.1.9", "Limit who creates PersistentVolumes",
            lookAt: "`demarc access who-can create persistentvolumes`. A volume of type `hostPath` reaches every file of a node, past "
                + "Pod security: only storage drivers and administrators create one."),
        Row(
            "5.1.10", "Limit who reaches kubelets through the API server",
            lookAt: "`demarc access who-can get nodes/proxy`. It runs commands in every container of a node, past admission and audit: "
                + "only those who administer nodes have it."),
        Row(
            "5.1.11", "Limit who approves certificates",
            lookAt: "`demarc access who-can update certificatesigningrequests/approval`. Whoever approves can make himself a certificate "
                + "for any user and group."),
        Row(
            "5.1.12", "Limit who configures admission webhooks",
            lookAt: "`demarc access who-can create mutatingwebhookconfigurations`, likewise `validating…`, `update` and `patch`. A "
                + "webhook reads and changes every object, Secrets included."),
        Row(
            "5.1.13", "Limit who issues service account tokens",
            lookAt: "`demarc access who-can create serviceaccounts/token -A`. Whoever issues an account's token has its rights, also "
                + "after his own are withdrawn."),
    ]

    private static let podSecurity: [Row] = [
        Row(
            "5.2.1", "Have Pods checked at admission in every namespace",
            lookAt: "`kubectl get namespaces -L pod-security.kubernetes.io/enforce` and admission policies or webhooks for Pods. Each "
                + "namespace with workloads of yours is covered by one that refuses, not only warns."),
        Row(
            "5.2.2", "Forbid privileged containers",
            guidance: "Pods with `securityContext.privileged: true`, and what would refuse the next one. Only system namespaces have "
                + "such Pods."),
        Row(
            "5.2.3", "Forbid sharing the host's process namespace",
            guidance: "Pods with `hostPID: true`, and what would refuse the next one. Only system namespaces have such Pods."),
        Row(
            "5.2.4", "Forbid sharing the host's IPC namespace",
            guidance: "Pods with `hostIPC: true`, and what would refuse the next one. Only system namespaces have such Pods."),
        Row(
            "5.2.5", "Forbid sharing the host's network",
            guidance: "Pods with `hostNetwork: true`, and what would refuse the next one. Only system namespaces have such Pods."),
        Row(
            "5.2.6", "Forbid gaining privileges in containers",
            guidance: "Containers without `allowPrivilegeEscalation: false`, and what would refuse the next one."),
        Row(
            "5.2.7", "Forbid containers that run as root",
            lookAt: "Containers without `runAsNonRoot: true` or with `runAsUser: 0`, and what would refuse the next one. Each exception "
                + "has a reason."),
        Row(
            "5.2.8", "Forbid raw network sockets in containers",
            lookAt: "Containers that do not drop `NET_RAW` or `ALL`, and what would refuse the next one. With raw sockets a container "
                + "forges packets of its neighbours."),
        Row(
            "5.2.9", "Drop all capabilities where none is needed",
            lookAt: "Containers without `capabilities.drop: [ALL]`. Where an application needs none, admission demands it."),
        Row(
            "5.2.10", "Forbid Windows containers that run on the host",
            lookAt: "Pods with `windowsOptions.hostProcess: true`, and what would refuse the next one. Without Windows nodes there is "
                + "nothing to see."),
        Row(
            "5.2.11", "Forbid volumes of the host's files",
            lookAt: "Pods with `hostPath` volumes, and what would refuse the next one. Only system namespaces have such Pods."),
        Row(
            "5.2.12", "Forbid ports of the host",
            lookAt: "Containers with `hostPort`, and what would refuse the next one. Such a port is open on the node, past network "
                + "policies of some network plugins."),
    ]

    private static let otherPolicies: [Row] = [
        Row(
            "5.3.1", "Run a network plugin that enforces network policies",
            lookAt: "The network plugin (`/etc/cni/net.d`, its DaemonSet in `kube-system`) and its manual: NetworkPolicy objects have an "
                + "effect. Try one that denies everything."),
        Row(
            "5.3.2", "Write network policies for every namespace",
            lookAt: "`kubectl get networkpolicies -A` beside `kubectl get namespaces`. Every namespace with workloads has policies that "
                + "deny what is not meant (`demarc reach` shows what is left)."),
        Row(
            "5.4.1", "Mount Secrets as files instead of environment variables",
            lookAt: "Containers with `secretKeyRef` or `secretRef` in their environment. Variables end up in logs, dumps and child "
                + "processes."),
        Row(
            "5.4.2", "Consider a store of secrets outside the cluster",
            lookAt: "Where credentials are kept and rotated. With many or weighty ones, an external store hands them out, and Secrets "
                + "hold none for long."),
        Row(
            "5.5.1", "Admit images by where they come from",
            lookAt: "What decides at admission which images may run: ImagePolicyWebhook or a policy engine that verifies signatures. It "
                + "refuses an unsigned image."),
        Row(
            "5.6.1", "Separate teams and applications by namespaces",
            lookAt: "`kubectl get namespaces` and who has rights in each. Those who must not touch each other's objects share none."),
        Row(
            "5.6.2", "Set the runtime's seccomp profile for Pods",
            lookAt: "Pods without `seccompProfile.type: RuntimeDefault` or `Localhost`, their own or their containers'."),
        Row(
            "5.6.3", "Set security contexts for Pods and containers",
            lookAt: "`securityContext` of Pods and containers: user, capabilities, privilege escalation, read-only root file system and "
                + "seccomp are set on purpose, not left to defaults."),
        Row(
            "5.6.4", "Leave the default namespace empty",
            lookAt: "`kubectl get all,configmaps,secrets,serviceaccounts -n default`. Nothing but what Kubernetes puts there by itself."),
    ]
}
