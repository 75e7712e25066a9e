/// Files of Kubernetes whose mode and owner decide who holds the machine or the cluster.
public enum ProtectedFile: String, Sendable, CaseIterable {
    case apiServerManifest, controllerManagerManifest, schedulerManifest, etcdManifest
    case networkPluginConfiguration, etcdData
    case administratorKubeconfigs, schedulerKubeconfig, controllerManagerKubeconfig
    /// Everything in the directory of the cluster's certificates, and what programs are told to use besides.
    case clusterPKI
    case certificates, privateKeys, serviceAccountSigningKey
    case kubeletService, kubeProxyKubeconfig, kubeletKubeconfig, kubeletClientAuthority, kubeletConfiguration, kubeletKeys, bootstrapKubeconfig
    case encryptionConfiguration, auditPolicy, auditLog, runtimeSocket, cloudIdentity

    /// The program that reads them: without it on the machine there need be none.
    public var program: ComponentKind {
        switch self {
        case .apiServerManifest, .administratorKubeconfigs, .clusterPKI, .certificates, .privateKeys, .serviceAccountSigningKey,
            .encryptionConfiguration, .auditPolicy, .auditLog:
            .kubeAPIServer
        case .controllerManagerManifest, .controllerManagerKubeconfig: .kubeControllerManager
        case .schedulerManifest, .schedulerKubeconfig: .kubeScheduler
        case .etcdManifest, .etcdData: .etcd
        case .kubeProxyKubeconfig: .kubeProxy
        case .networkPluginConfiguration, .kubeletService, .kubeletKubeconfig, .kubeletClientAuthority, .kubeletConfiguration, .kubeletKeys,
            .bootstrapKubeconfig, .runtimeSocket, .cloudIdentity:
            .kubelet
        }
    }

    /// A machine may well have none although it runs the program.
    public var isOptional: Bool {
        switch self {
        case .administratorKubeconfigs, .networkPluginConfiguration, .kubeletService, .kubeProxyKubeconfig, .kubeletClientAuthority,
            .kubeletConfiguration, .bootstrapKubeconfig, .encryptionConfiguration, .auditPolicy, .auditLog, .runtimeSocket, .cloudIdentity,
            .apiServerManifest, .controllerManagerManifest, .schedulerManifest, .etcdManifest, .schedulerKubeconfig,
            .controllerManagerKubeconfig:
            true
        case .etcdData, .clusterPKI, .certificates, .privateKeys, .serviceAccountSigningKey, .kubeletKubeconfig, .kubeletKeys: false
        }
    }

    /// Single files in places that installers use; a collector should look at each of them.
    ///
    /// Sources: kubeadm's and systemd's documentation; the node images of EKS (`/etc/kubernetes/kubelet/`, `/var/lib/kubelet/kubeconfig`),
    /// GKE (`/home/kubernetes/kubelet-config.yaml`, `/var/lib/kube-proxy/kubeconfig`) and AKS (`/etc/default/kubelet`, `/etc/kubernetes/azure.json`).
    public var knownPaths: [String] {
        switch self {
        case .etcdData: ["/var/lib/etcd", "/var/lib/etcd/default.etcd"]
        case .administratorKubeconfigs: ["/etc/kubernetes/admin.conf", "/etc/kubernetes/super-admin.conf"]
        case .schedulerKubeconfig: ["/etc/kubernetes/scheduler.conf"]
        case .controllerManagerKubeconfig: ["/etc/kubernetes/controller-manager.conf"]
        case .serviceAccountSigningKey: ["/etc/kubernetes/pki/sa.key"]
        case .kubeletService: ProtectedFile.unitDirectories.map { $0 + "/kubelet.service" }
        case .kubeProxyKubeconfig: ["/etc/kubernetes/proxy.conf", "/var/lib/kube-proxy/kubeconfig"]
        case .kubeletKubeconfig: ["/etc/kubernetes/kubelet.conf", "/var/lib/kubelet/kubeconfig", "/etc/kubernetes/kubelet/kubeconfig"]
        case .kubeletClientAuthority: ["/etc/kubernetes/pki/ca.crt", "/etc/kubernetes/certs/ca.crt"]
        case .kubeletConfiguration:
            [
                "/var/lib/kubelet/config.yaml", "/etc/kubernetes/kubelet/config.json", "/etc/kubernetes/kubelet/kubelet-config.json",
                "/etc/kubernetes/kubelet/config", "/home/kubernetes/kubelet-config.yaml", "/etc/default/kubeletconfig.json", "/etc/default/kubelet",
            ]
        case .bootstrapKubeconfig: ["/etc/kubernetes/bootstrap-kubelet.conf", "/var/lib/kubelet/bootstrap-kubeconfig"]
        case .runtimeSocket: ["/run/containerd/containerd.sock", "/run/crio/crio.sock", "/run/cri-dockerd.sock", "/run/docker.sock"]
        case .cloudIdentity: ["/etc/kubernetes/azure.json"]
        case .apiServerManifest, .controllerManagerManifest, .schedulerManifest, .etcdManifest, .networkPluginConfiguration, .clusterPKI,
            .certificates,
            .privateKeys, .kubeletKeys, .encryptionConfiguration, .auditPolicy, .auditLog:
            []
        }
    }

    /// Directories all of whose files count, or those with certain endings.
    public var knownTrees: [Tree] {
        switch self {
        case .networkPluginConfiguration: [Tree("/etc/cni/net.d"), Tree("/var/lib/cni/networks")]
        case .clusterPKI: [Tree("/etc/kubernetes/pki", holdsItself: true)]
        case .certificates: [Tree("/etc/kubernetes/pki", endings: [".crt"])]
        case .privateKeys: [Tree("/etc/kubernetes/pki", endings: [".key"], except: ["/etc/kubernetes/pki/sa.key"])]
        case .kubeletKeys: [Tree("/var/lib/kubelet/pki", endings: [".pem", ".key"])]
        case .kubeletService: ProtectedFile.unitDirectories.map { Tree($0 + "/kubelet.service.d", endings: [".conf"]) }
        default: []
        }
    }

    public struct Tree: Sendable {
        public let directory: String
        /// Empty for all files.
        public let endings: [String]
        let except: Set<String>
        /// The directory and those in it count too.
        let holdsItself: Bool

        init(_ directory: String, endings: [String] = [], except: Set<String> = [], holdsItself: Bool = false) {
            self.directory = directory
            self.endings = endings
            self.except = except
            self.holdsItself = holdsItself
        }

        func holds(_ file: EvidenceFile) -> Bool {
            guard !file.isMissing, !except.contains(file.path), holdsItself || file.type != .directory else { return false }
            return endings.isEmpty || endings.contains { file.path.hasSuffix($0) }
        }
    }

    /// Settings that name such files.
    var namings: [Naming] {
        switch self {
        case .etcdData: [Naming(.etcd, "data-dir", field: "data-dir")]
        case .schedulerKubeconfig: [Naming(.kubeScheduler, "kubeconfig", field: "clientConnection.kubeconfig")]
        case .controllerManagerKubeconfig: [Naming(.kubeControllerManager, "kubeconfig")]
        case .clusterPKI: ProtectedFile.certificates.namings + ProtectedFile.privateKeys.namings + ProtectedFile.serviceAccountSigningKey.namings
        case .certificates: Naming.certificates
        case .privateKeys: Naming.privateKeys
        case .serviceAccountSigningKey:
            [
                Naming(.kubeAPIServer, "service-account-signing-key-file"),
                Naming(.kubeControllerManager, "service-account-private-key-file"),
            ]
        case .kubeProxyKubeconfig: [Naming(.kubeProxy, "kubeconfig", field: "clientConnection.kubeconfig")]
        case .kubeletKubeconfig: [Naming(.kubelet, "kubeconfig")]
        case .kubeletClientAuthority: [Naming(.kubelet, "client-ca-file", field: "authentication.x509.clientCAFile")]
        case .kubeletConfiguration: [Naming(.kubelet, "config")]
        case .kubeletKeys: [Naming(.kubelet, "tls-private-key-file", field: "tlsPrivateKeyFile")]
        case .bootstrapKubeconfig: [Naming(.kubelet, "bootstrap-kubeconfig")]
        case .encryptionConfiguration: [Naming(.kubeAPIServer, "encryption-provider-config")]
        case .auditPolicy: [Naming(.kubeAPIServer, "audit-policy-file")]
        case .auditLog: [Naming(.kubeAPIServer, "audit-log-path")]
        case .runtimeSocket: [Naming(.kubelet, "container-runtime-endpoint", field: "containerRuntimeEndpoint")]
        case .cloudIdentity: [Naming(.kubelet, "cloud-config")]
        case .apiServerManifest, .controllerManagerManifest, .schedulerManifest, .etcdManifest, .networkPluginConfiguration,
            .administratorKubeconfigs, .kubeletService:
            []
        }
    }

    /// Where systemd looks for units, in its order. Source: systemd.unit(5).
    private static let unitDirectories = [
        "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
    ]
}

/// A setting that names a file.
struct Naming: Sendable {
    let program: ComponentKind
    let flag: String
    let field: String?

    init(_ program: ComponentKind, _ flag: String, field: String? = nil) {
        self.program = program
        self.flag = flag
        self.field = field
    }

    /// Of the API server, the controller manager and etcd; the kubelet's authority is a kind of its own.
    static let certificates =
        [
            "tls-cert-file", "client-ca-file", "etcd-cafile", "etcd-certfile", "kubelet-client-certificate", "kubelet-certificate-authority",
            "proxy-client-cert-file", "requestheader-client-ca-file",
        ].map { Naming(.kubeAPIServer, $0) }
        + ["root-ca-file", "cluster-signing-cert-file", "client-ca-file", "tls-cert-file"].map { Naming(.kubeControllerManager, $0) }
        + ["cert-file", "trusted-ca-file"].map { Naming(.etcd, $0, field: "client-transport-security.\($0)") }
        + ["cert-file", "trusted-ca-file"].map { Naming(.etcd, "peer-" + $0, field: "peer-transport-security.\($0)") }

    static let privateKeys =
        ["tls-private-key-file", "etcd-keyfile", "kubelet-client-key", "proxy-client-key-file"].map { Naming(.kubeAPIServer, $0) }
        + ["cluster-signing-key-file", "tls-private-key-file"].map { Naming(.kubeControllerManager, $0) }
        + [
            Naming(.etcd, "key-file", field: "client-transport-security.key-file"),
            Naming(.etcd, "peer-key-file", field: "peer-transport-security.key-file"),
        ]
}
