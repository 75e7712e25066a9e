/// A program of Kubernetes whose settings matter.
public enum ComponentKind: String, Sendable, CaseIterable {
    case kubeAPIServer = "kube-apiserver"
    case kubeControllerManager = "kube-controller-manager"
    case kubeScheduler = "kube-scheduler"
    case etcd
    case kubelet
    case kubeProxy = "kube-proxy"

    public var isControlPlane: Bool {
        switch self {
        case .kubeAPIServer, .kubeControllerManager, .kubeScheduler, .etcd: true
        case .kubelet, .kubeProxy: false
        }
    }

    /// For messages: "the API server".
    public var noun: String {
        switch self {
        case .kubeAPIServer: "the API server"
        case .kubeControllerManager: "the controller manager"
        case .kubeScheduler: "the scheduler"
        case .etcd: "etcd"
        case .kubelet: "the kubelet"
        case .kubeProxy: "kube-proxy"
        }
    }

    /// By the name of the program, whatever directory it stands in.
    public init?(program: String) {
        let name = program.utf8.lastIndex(of: UInt8(ascii: "/")).map { program[program.index(after: $0)...] } ?? program[...]
        self.init(rawValue: String(name))
    }

    /// The flag that names the program's configuration file.
    var configurationFlag: String? {
        switch self {
        case .kubelet, .kubeProxy, .kubeScheduler: "config"
        case .etcd: "config-file"
        case .kubeAPIServer, .kubeControllerManager: nil
        }
    }

    /// What the program takes for true when the flag stands alone. A flag that takes a value has the next argument for it.
    ///
    /// Sources: `--help` of Kubernetes 1.20, and the component reference pages of kubernetes.io for 1.22 to 1.34; etcd 3.5's configuration page.
    var booleanFlags: Set<String> {
        switch self {
        case .kubeAPIServer: ComponentKind.logging.union(ComponentKind.apiServer)
        case .kubeControllerManager: ComponentKind.logging.union(ComponentKind.controllerManager)
        case .kubeScheduler: ComponentKind.logging.union(ComponentKind.scheduler)
        case .etcd: ComponentKind.etcdBooleans
        case .kubelet: ComponentKind.logging.union(ComponentKind.kubeletBooleans)
        case .kubeProxy: ComponentKind.logging.union(ComponentKind.proxy)
        }
    }

    /// Flags of whichever program that are known to take a value: all that a control asks for or that lead to a file. pflag gives such
    /// a flag the next argument even where that looks like a flag itself.
    static let flagsWithValue: Set<String> = [
        "address", "admission-control", "allowed-unsafe-sysctls", "audit-log-maxage", "audit-log-maxbackup", "audit-log-maxsize",
        "audit-log-mode", "audit-log-path", "audit-policy-file", "audit-webhook-config-file", "audit-webhook-mode", "authentication-config",
        "authorization-config", "authorization-mode", "basic-auth-file", "bind-address", "bootstrap-kubeconfig", "cert-file", "client-ca-file",
        "cloud-config", "cluster-signing-cert-file", "cluster-signing-key-file", "config", "config-dir", "config-file",
        "container-runtime-endpoint", "data-dir", "disable-admission-plugins", "enable-admission-plugins", "encryption-provider-config",
        "etcd-cafile", "etcd-certfile", "etcd-keyfile", "etcd-servers", "event-qps", "feature-gates", "hostname-override", "insecure-port",
        "key-file", "kubeconfig", "kubelet-certificate-authority", "kubelet-client-certificate", "kubelet-client-key", "listen-client-urls",
        "listen-metrics-urls", "listen-peer-urls", "manifest-url", "metrics-bind-address", "peer-cert-file", "peer-key-file",
        "peer-trusted-ca-file", "pod-manifest-path", "pod-max-pids", "proxy-client-cert-file", "proxy-client-key-file", "read-only-port",
        "requestheader-allowed-names", "requestheader-client-ca-file", "root-ca-file", "runtime-config", "secure-port",
        "service-account-issuer", "service-account-key-file", "service-account-private-key-file", "service-account-signing-endpoint",
        "service-account-signing-key-file", "streaming-connection-idle-timeout", "terminated-pod-gc-threshold", "tls-cert-file",
        "tls-cipher-suites", "tls-min-version", "tls-private-key-file", "token-auth-file", "trusted-ca-file",
    ]

    private static let logging: Set<String> = [
        "add-dir-header", "alsologtostderr", "logtostderr", "one-output", "skip-headers", "skip-log-headers", "help", "h", "version",
        "experimental-logging-sanitization", "log-text-split-stream", "log-json-split-stream",
        "disable-http2-serving",
    ]
    private static let apiServer: Set<String> = [
        "allow-privileged", "anonymous-auth", "audit-log-batch-throttle-enable", "audit-log-compress", "audit-log-truncate-enabled",
        "audit-webhook-batch-throttle-enable", "audit-webhook-truncate-enabled", "contention-profiling", "profiling", "enable-aggregator-routing",
        "enable-bootstrap-token-auth", "enable-garbage-collector", "enable-logs-handler", "enable-priority-and-fairness",
        "encryption-provider-config-automatic-reload", "permit-address-sharing", "permit-port-sharing", "service-account-extend-token-expiration",
        "service-account-lookup", "watch-cache", "strict-transport-security", "emulation-forward-compatible",
        "runtime-config-emulation-forward-compatible", "kubelet-https", "shutdown-send-retry-after", "aggregator-reject-forwarding-redirect",
    ]
    private static let controllerManager: Set<String> = [
        "allocate-node-cidrs", "authentication-skip-lookup", "authentication-tolerate-lookup-failure",
        "configure-cloud-routes", "contention-profiling", "profiling", "disable-attach-detach-reconcile-sync", "disable-force-detach-on-timeout",
        "enable-dynamic-provisioning", "enable-garbage-collector", "enable-hostpath-provisioner", "enable-leader-migration", "enable-taint-manager",
        "leader-elect", "legacy-service-account-token-clean-up", "permit-address-sharing", "permit-port-sharing", "use-service-account-credentials",
        "volume-host-allow-local-loopback",
    ]
    private static let scheduler: Set<String> = [
        "authentication-skip-lookup", "authentication-tolerate-lookup-failure", "contention-profiling", "profiling", "leader-elect",
        "permit-address-sharing", "permit-port-sharing", "use-legacy-policy-config",
    ]
    private static let kubeletBooleans: Set<String> = [
        "allow-privileged", "anonymous-auth", "authentication-token-webhook", "cgroups-per-qos",
        "contention-profiling", "cpu-cfs-quota", "enable-controller-attach-detach", "enable-debugging-handlers", "enable-load-reader",
        "enable-server", "enforce-host-network-sources", "exit-on-lock-contention", "experimental-allocatable-ignore-eviction",
        "experimental-bootstrap-checkpoint", "experimental-check-node-capabilities-before-mount", "experimental-kernel-memcg-notification",
        "experimental-mounter-enabled", "fail-swap-on", "fail-cgroupv1", "file-check", "keep-terminated-pod-volumes", "kernel-memcg-notification",
        "local-storage-capacity-isolation",
        "make-iptables-util-chains", "protect-kernel-defaults", "really-crash-for-testing", "redirect-container-streaming",
        "register-node", "register-schedulable", "rotate-certificates", "rotate-server-certificates", "runonce", "seccomp-default",
        "serialize-image-pulls", "docker-only", "docker-disable-shared-pid", "referenced-reset", "enable-cadvisor-json-endpoints",
    ]
    private static let proxy: Set<String> = [
        "bind-address-hard-fail", "cleanup", "cleanup-ipvs", "conntrack-tcp-be-liberal", "init-only", "ipvs-strict-arp",
        "iptables-localhost-nodeports",
        "masquerade-all", "profiling",
    ]
    private static let etcdBooleans: Set<String> = [
        "auto-tls", "peer-auto-tls", "client-cert-auth", "peer-client-cert-auth", "peer-skip-client-san-verification", "force-new-cluster",
        "strict-reconfig-check", "enable-v2", "enable-pprof", "pre-vote", "initial-election-tick-advance", "unsafe-no-fsync", "debug",
        "enable-grpc-gateway",
        "experimental-initial-corrupt-check", "experimental-enable-distributed-tracing", "experimental-enable-lease-checkpoint",
        "enable-log-rotation",
        "experimental-enable-lease-checkpoint-persist", "experimental-memory-mlock", "experimental-txn-mode-write-with-shared-buffer",
        "socket-reuse-port",
        "socket-reuse-address", "experimental-watch-progress-notify", "experimental-compact-hash-check-enabled",
        "experimental-stop-grpc-service-on-defrag",
        "version", "help", "h",
    ]
}
