internal import SystemPackage

/// Places that are looked at whether or not anything names them.
enum WellKnownFiles {
    struct Entry {
        var path: FilePath
        var purpose: FilePurpose
        /// Whether it is evidence that there is nothing. Places of one platform only are not missing on another.
        var saysMissing = true
    }

    /// The layout of kubeadm, which most distributions keep to (kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details), and of the
    /// container runtimes.
    private static let common: [Entry] = [
        Entry(path: "/etc/kubernetes", purpose: .mode),
        Entry(path: "/etc/kubernetes/admin.conf", purpose: .document),
        Entry(path: "/etc/kubernetes/super-admin.conf", purpose: .document),
        Entry(path: "/etc/kubernetes/kubelet.conf", purpose: .document),
        Entry(path: "/etc/kubernetes/bootstrap-kubelet.conf", purpose: .document),
        Entry(path: "/etc/kubernetes/scheduler.conf", purpose: .document),
        Entry(path: "/etc/kubernetes/controller-manager.conf", purpose: .document),
        Entry(path: "/etc/kubernetes/manifests", purpose: .each(.manifest)),
        Entry(path: "/etc/kubernetes/pki", purpose: .keyDirectory),
        Entry(path: "/var/lib/kubelet", purpose: .mode),
        Entry(path: "/var/lib/kubelet/config.yaml", purpose: .document),
        Entry(path: "/var/lib/kubelet/pki", purpose: .keyDirectory),
        Entry(path: "/var/lib/etcd", purpose: .mode),
        Entry(path: "/etc/cni/net.d", purpose: .each(.network)),
        Entry(path: "/opt/cni/bin", purpose: .each(.mode)),
        Entry(path: "/etc/containerd/config.toml", purpose: .toml),
        Entry(path: "/run/containerd/containerd.sock", purpose: .mode),
    ]

    /// Where other distributions and the images of cloud providers keep the same: the node images of EKS, GKE, AKS and Bottlerocket, k3s, RKE2.
    private static let elsewhere: [(path: FilePath, purpose: FilePurpose)] = [
        ("/etc/kubernetes/kubelet.env", .variables), ("/etc/kubernetes/kubelet-config.yaml", .document),
        ("/etc/kubernetes/cloud-controller-manager.conf", .document),
        ("/etc/kubernetes/proxy.conf", .document), ("/etc/kubernetes/patches", .mode),
        ("/var/lib/kubelet/kubeadm-flags.env", .variables), ("/var/lib/kubelet/instance-config.yaml", .document),
        ("/var/lib/kubelet/kubeconfig", .document), ("/var/lib/kubelet/bootstrap-kubeconfig", .document), ("/var/lib/kubelet/config.json", .mode),
        ("/var/lib/kubelet/kubelet-config.yaml", .document), ("/var/lib/kube-proxy/config.conf", .document),
        ("/var/lib/kube-proxy/kubeconfig", .document),
        ("/etc/default/kubelet", .variables), ("/etc/sysconfig/kubelet", .variables), ("/etc/default/etcd", .variables),
        ("/etc/etcd/etcd.conf", .variables),
        ("/etc/etcd/etcd.conf.yml", .document), ("/etc/etcd.env", .variables),
        // EKS: AL2's bootstrap writes the first, AL2023's nodeadm the others.
        ("/etc/kubernetes/kubelet/kubelet-config.json", .document), ("/etc/kubernetes/kubelet/config.json", .document),
        ("/etc/kubernetes/kubelet/config.json.d", .each(.document)), ("/etc/eks/image-credential-provider/config.json", .document),
        ("/etc/eks/kubelet/environment", .variables), ("/etc/eks", .mode),
        // Bottlerocket.
        ("/etc/kubernetes/kubelet/config", .document), ("/etc/kubernetes/kubelet/kubeconfig", .document), ("/etc/kubernetes/kubelet/env", .variables),
        // GKE: kube-env holds keys.
        ("/home/kubernetes/kubelet-config.yaml", .document), ("/home/kubernetes/kube-env", .mode), ("/home/kubernetes/bin", .mode),
        ("/etc/srv/kubernetes", .keyDirectory),
        // AKS: azure.json may hold the password of a service principal.
        ("/etc/kubernetes/azure.json", .mode), ("/etc/kubernetes/certs", .keyDirectory), ("/etc/default/kubeletconfig.json", .document),
        // k3s and RKE2.
        ("/etc/rancher/k3s/config.yaml", .document), ("/etc/rancher/k3s/k3s.yaml", .document), ("/etc/rancher/rke2/config.yaml", .document),
        ("/etc/rancher/rke2/rke2.yaml", .document), ("/var/lib/rancher/k3s/server/tls", .keyDirectory),
        ("/var/lib/rancher/rke2/server/tls", .keyDirectory),
        ("/var/lib/rancher/rke2/agent/pod-manifests", .each(.manifest)), ("/var/lib/rancher/k3s/server/token", .mode),
        ("/etc/containerd/conf.d", .each(.toml)), ("/etc/containerd/certs.d", .mode), ("/etc/crio/crio.conf", .toml),
        ("/etc/crio/crio.conf.d", .each(.toml)),
        ("/etc/docker/daemon.json", .document), ("/var/run/docker.sock", .mode), ("/var/run/crio/crio.sock", .mode),
        ("/root/.kube/config", .document),
        ("/etc/modprobe.d", .mode), ("/etc/sysctl.conf", .mode),
    ]

    static let all = common + elsewhere.map { Entry(path: $0.path, purpose: $0.purpose, saysMissing: false) }

    /// Where units of systemd lie, the stronger place first (systemd.unit(5)).
    static let unitDirectories: [FilePath] = [
        "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
    ]
    static let units = [
        "kubelet", "containerd", "crio", "docker", "cri-docker", "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy",
        "k3s",
        "k3s-agent", "rke2-server", "rke2-agent",
    ]
}

extension Gathering {
    mutating func gatherWellKnownFiles() {
        for entry in WellKnownFiles.all { add(entry.path, entry.purpose, for: nil, in: machine, saysMissing: entry.saysMissing) }
        for directory in WellKnownFiles.unitDirectories {
            for unit in WellKnownFiles.units {
                let path = directory.appending(unit + ".service")
                add(path, .unit, for: nil, in: machine, saysMissing: false)
                // A drop-in may change a unit that lies elsewhere.
                guard (systemNames(FilePath(path.string + ".d")) ?? []).contains(where: { $0.string.hasSuffix(".conf") }) else { continue }
                add(FilePath(path.string + ".d"), .each(.unit), for: nil, in: machine, saysMissing: false)
            }
        }
        // Rows of benchmarks on files are met or have no meaning only where somebody looked in every place.
        for kind in ProtectedFile.allCases {
            for path in kind.knownPaths { add(FilePath(path), .mode, for: nil, in: machine) }
            for tree in kind.knownTrees { add(FilePath(tree.directory), .each(.either(.mode)), for: nil, in: machine) }
        }
        // Kubeconfigs that people left at home.
        for home in systemNames("/home") ?? [] {
            add(FilePath("/home").appending(home).appending(".kube").appending("config"), .document, for: nil, in: machine, saysMissing: false)
        }
    }
}
