/// Which control answers which rule of the second opinion, and which rules and cases are left out, with the reason.
/// A control that is named here and does not exist yet is reported, not failed.
enum SecondOpinion {
    enum Comparison {
        /// The same objects fail, at places that lie above or below each other.
        case objectsAndPaths
        /// The same objects fail; the other opinion names no place, or that of another object.
        case objects
        /// Both find something or both find nothing: the other opinion blames the subject of a binding, or the Pod
        /// behind a Service, where Demarc blames the role or the Service, which is where it is mended.
        case theCaseOnly
    }

    struct Answer {
        let controls: [String]
        let comparing: Comparison

        init(_ controls: String..., comparing: Comparison = .objectsAndPaths) {
            self.controls = controls
            self.comparing = comparing
        }
    }

    static let answers: [String: Answer] = [
        "agent-sandbox-image-registry-allowlist": Answer("allowed-registries"),
        "agent-sandbox-image-tag-provenance": Answer("image-tags"),
        "alert-rw-hostpath": Answer("writable-host-paths"),
        "container-hostPort": Answer("host-ports"),
        "containers-mounting-docker-socket": Answer("container-runtime-sockets"),
        "deprecated-service-account-field": Answer("deprecated-service-account-field"),
        "endpointslice-in-default-namespace": Answer("default-namespace"),
        "host-ipc-privileges": Answer("host-namespaces"),
        "host-pid-ipc-privileges": Answer("host-namespaces"),
        "host-pid-privileges": Answer("host-namespaces"),
        "linux-hardening": Answer("required-seccomp-profile"),
        "naked-pods": Answer("naked-pods"),
        "no-rolling-update-strategy": Answer("rolling-updates"),
        "non-existent-service-account": Answer("non-existent-service-accounts"),
        "non-root-containers": Answer("run-as-non-root", "run-as-user", "run-as-groups", "root-group", comparing: .objects),
        "pod-security-admission-restricted-applied-1": Answer("namespace-pod-security", "privileged-namespaces", "restricted-pod-security"),
        "poddisruptionbudget-in-default-namespace": Answer("default-namespace"),
        "replicationcontroller-in-default-namespace": Answer("default-namespace"),
        "resources-memory-limit-and-request": Answer("memory-limits", "memory-requests"),
        "resources-memory-requests": Answer("memory-requests"),
        "role-in-default-namespace": Answer("default-namespace"),
        "rule-can-ssh-to-pod-v1": Answer("ssh-services", comparing: .theCaseOnly),
        "rule-credentials-configmap": Answer("credentials-in-config-maps"),
        "service-in-default-namespace": Answer("default-namespace"),
        "serviceaccount-in-default-namespace": Answer("default-namespace"),
        "set-seccomp-profile": Answer("required-seccomp-profile"),
        "sudo-in-container-entrypoint": Answer("sudo"),
        // Exposure
        "dangling-gateway-backend": Answer("dangling-gateway-backends"),
        "dangling-ingress-backend": Answer("dangling-ingress-backends"),
        "dangling-networkpolicy": Answer("dangling-network-policies", comparing: .objects),
        "ensure_network_policy_configured_in_labels": Answer("workload-network-policies", comparing: .objects),
        "exposed-sensitive-interfaces-v1": Answer("exposed-sensitive-interfaces", comparing: .theCaseOnly),
        "exposure-to-internet": Answer("exposed-workloads", comparing: .objects),
        // Access; rules that say everything are judged by controls of their own, the wildcard ones
        "rule-can-approve-cert-signing-request": Answer("approve-certificate-requests", comparing: .theCaseOnly),
        "rule-can-bind-escalate": Answer("bind-roles", "escalate-roles", comparing: .theCaseOnly),
        "rule-can-create-pv": Answer("create-persistent-volumes", comparing: .theCaseOnly),
        "rule-can-create-service-account-token": Answer("create-service-account-tokens", comparing: .theCaseOnly),
        "rule-can-delete-k8s-events-v1": Answer(
            "delete-events", "wildcard-resources", "wildcard-verbs", "full-access-roles", "full-access-cluster-roles", comparing: .theCaseOnly),
        "rule-can-update-configmap-v1": Answer(
            "write-cluster-dns", "full-access-cluster-roles", "wildcard-resources", "wildcard-verbs", comparing: .theCaseOnly),
        "rule-list-all-cluster-admins-v1": Answer("full-access-cluster-roles", "full-access-roles", comparing: .theCaseOnly),
        "system-authenticated-allowed-to-take-over-cluster": Answer("authenticated-elevated-rights", comparing: .theCaseOnly),
        "workload-with-administrative-roles": Answer("workloads-with-administrative-roles", comparing: .theCaseOnly),
        // Programs of the control plane
        "ensure-that-the-admission-control-plugin-NamespaceLifecycle-is-set": Answer("kube-apiserver-namespace-lifecycle"),
        "ensure-that-the-api-server-anonymous-auth-argument-is-set-to-false": Answer("kube-apiserver-anonymous-auth"),
        "ensure-that-the-api-server-authorization-mode-argument-includes-Node": Answer("kube-apiserver-node-authorization"),
        "ensure-that-the-api-server-authorization-mode-argument-includes-RBAC": Answer("kube-apiserver-rbac-authorization"),
        "ensure-that-the-api-server-etcd-cafile-argument-is-set-as-appropriate": Answer("kube-apiserver-etcd-cafile"),
        "ensure-that-the-api-server-kubelet-client-certificate-and-kubelet-client-key-arguments-are-set-as-appropriate":
            Answer("kube-apiserver-kubelet-client-certificate"),
        "ensure-that-the-api-server-secure-port-argument-is-not-set-to-0": Answer("kube-apiserver-secure-port"),
        "ensure-that-the-controller-manager-bind-address-argument-is-set-to-127.0.0.1": Answer("kube-controller-manager-bind-address"),
        "ensure-that-the-controller-manager-terminated-pod-gc-threshold-argument-is-set-as-appropriate":
            Answer("kube-controller-manager-terminated-pod-gc-threshold"),
        "ensure-that-the-controller-manager-use-service-account-credentials-argument-is-set-to-true":
            Answer("kube-controller-manager-service-account-credentials"),
        "ensure-that-the-scheduler-bind-address-argument-is-set-to-127.0.0.1": Answer("kube-scheduler-bind-address"),
        "ensure-that-the-scheduler-profiling-argument-is-set-to-false": Answer("kube-scheduler-profiling"),
        "etcd-auto-tls-disabled": Answer("etcd-auto-tls"),
        "etcd-peer-auto-tls-disabled": Answer("etcd-peer-auto-tls"),
        "etcd-peer-client-auth-cert": Answer("etcd-peer-client-cert-auth"),
        "insecure-port-flag": Answer("kube-apiserver-insecure-port"),
    ]

    private static let cloud = "judges the description of a cloud resource, which is no Kubernetes object"

    static let leftOut: [String: String] = [
        "alert-fargate-not-in-use": "judges which product the nodes belong to; `sandbox-runtime-classes` asks for isolation on any platform",
        "ensure-endpointprivateaccess-is-enabled-and-endpointpublicaccess-is-disabled-eks": cloud,
        "ensure-image-scanning-enabled-cloud": cloud,
        "ensure-image-vulnerability-scanning-using-azure-defender-image-scanning-or-a-third-party-provider": cloud,
        "list-iam-policies-in-gcp": cloud,
        "ensure-that-the-api-server-DenyServiceExternalIPs-is-not-set":
            "calls the plugin a fault that Kubernetes offers against CVE-2020-8554, and that later editions of the benchmark ask for",
        "ensure-that-the-kube-proxy-metrics-service-is-bound-to-localhost":
            "judges a file inside a ConfigMap, and calls it a fault where it names no address: kube-proxy then takes 127.0.0.1",
        "unauthenticated-service": "needs what a scan of the network found, in a custom resource of another tool",
        "workload-mounted-pvc": "calls every use of a PersistentVolumeClaim a fault, which is what claims are for",
        "workload-mounted-secrets":
            "calls every mounted Secret a fault; Kubernetes and CIS 5.4.1 recommend the mount over environment variables",
    ]

    private static let bounds = "depends on bounds that an organisation sets for amounts of memory, which Demarc has no setting for"
    private static let defaulting = "asks for a request beside a limit; the API server copies the limit into it (Kubernetes: Resource Management)"

    private static let clusterScoped =
        "blames a Role for cluster-scoped resources, on which a Role gives nothing (Kubernetes: Using RBAC Authorization); "
        + "`rules-without-effect` says so"

    /// Single cases, as `rule/test`.
    static let leftOutCases: [String: String] = [
        "resources-memory-limit-and-request/pod-only-requests": defaulting,
        "resources-memory-requests/pod-only-requests": defaulting,
        "resources-memory-limit-and-request/workload-exceeded": bounds,
        "resources-memory-limit-and-request/workload-milli-suffix": bounds,
        "resources-memory-limit-and-request/workload-mixed-unit": bounds,
        "rule-can-approve-cert-signing-request/role-rolebinding": clusterScoped,
        "rule-can-bind-escalate/role-rolebinding": clusterScoped,
        "rule-can-create-pv/role-rolebinding": clusterScoped,
        "ensure-that-the-api-server-secure-port-argument-is-not-set-to-0/failed":
            "takes the first of two values for one flag; the last one counts (`--help`, and pflag's own documentation)",
        "ensure-that-the-controller-manager-terminated-pod-gc-threshold-argument-is-set-as-appropriate/rke2-args":
            "calls a threshold a fault that somebody chose, since the default is the same; CIS 1.3.1 asks for one to be chosen",
        "role-in-default-namespace/role":
            "takes a missing namespace for `default`; where such a manifest goes is decided when it is applied",
    ]
}
