/// Ports on which programs of a Kubernetes machine are known to listen, and for whom.
///
/// Sources: "Ports and Protocols" and the component reference of kubernetes.io; etcd's and containerd's configuration pages; "Protect the
/// Docker daemon socket" of docs.docker.com; the system requirements of Calico, Cilium and Flannel; the READMEs of node-exporter and of Amazon's
/// VPC plugin; the manifests of konnectivity and NodeLocal DNSCache in kubernetes/kubernetes.
public struct KnownListener: Sendable {
    public let program: String
    public let ports: ClosedRange<Int>
    public let transport: String
    /// For messages: `the read-only port of the kubelet`.
    public let title: String
    public let standing: Standing

    public enum Standing: Sendable, Equatable {
        /// Others on the network are meant to reach it.
        case open
        /// Others are meant to reach it, with a client certificate only.
        case mutual
        /// Only the machine itself needs it.
        case local
        /// Whoever reaches it needs no credentials and is not encrypted, and it gives something away or takes orders.
        case plaintext
    }

    /// By program and port; programs' names are cut to 15 bytes in /proc.
    public static func find(program: String, port: Int, transport: String) -> KnownListener? {
        byProgram[String(program.prefix(15))]?.first { $0.ports.contains(port) && $0.transport == transport }
    }

    private static let byProgram = Dictionary(grouping: everything) { String($0.program.prefix(15)) }

    static let nodePorts = 30_000...32_767

    /// Stands for the kernel, whose sockets belong to no process.
    static let kernel = ""

    private static func row(_ program: String, _ port: Int, _ standing: Standing, _ title: String, _ transport: String = "tcp") -> KnownListener {
        KnownListener(program: program, ports: port...port, transport: transport, title: title, standing: standing)
    }

    /// The whole table.
    static let everything: [KnownListener] =
        controlPlane + node + runtime + network + overlays + system + names + [
            KnownListener(program: "kube-proxy", ports: nodePorts, transport: "tcp", title: "a NodePort", standing: .open),
            KnownListener(program: "kube-proxy", ports: nodePorts, transport: "udp", title: "a NodePort", standing: .open),
        ]

    private static let controlPlane: [KnownListener] = [
        row("kube-apiserver", 6_443, .open, "the API server"), row("kube-apiserver", 443, .open, "the API server"),
        row("kube-apiserver", 8_443, .open, "the API server"),
        row("kube-apiserver", 8_080, .plaintext, "the API server's port without authentication"),
        row("etcd", 2_379, .mutual, "etcd for its clients"), row("etcd", 2_380, .mutual, "etcd for its peers"),
        row("etcd", 2_381, .local, "etcd's metrics"), row("etcd", 4_001, .plaintext, "etcd's former port"),
        row("kube-scheduler", 10_259, .local, "the scheduler's metrics and health"),
        row("kube-scheduler", 10_251, .plaintext, "the scheduler's former port without authentication"),
        row("kube-controller-manager", 10_257, .local, "the controller manager's metrics and health"),
        row("kube-controller-manager", 10_252, .plaintext, "the controller manager's former port without authentication"),
        row("cloud-controller-manager", 10_258, .local, "the cloud controller manager's metrics and health"),
        row("cloud-controller-manager", 10_253, .plaintext, "the cloud controller manager's former port without authentication"),
        row("konnectivity-server", 8_132, .open, "the tunnel's agents"), row("proxy-server", 8_132, .open, "the tunnel's agents"),
        row("proxy-server", 8_133, .local, "the tunnel's administration"), row("proxy-server", 8_134, .local, "the tunnel's health"),
    ]

    private static let node: [KnownListener] = [
        row("kubelet", 10_250, .open, "the kubelet"), row("kubelet", 10_255, .plaintext, "the kubelet's read-only port"),
        row("kubelet", 10_248, .local, "the kubelet's health"), row("kubelet", 4_194, .plaintext, "the kubelet's former cAdvisor"),
        row("kube-proxy", 10_256, .open, "kube-proxy's health, which load balancers ask"), row("kube-proxy", 10_249, .local, "kube-proxy's metrics"),
        row("node_exporter", 9_100, .open, "node-exporter"), row("prometheus-node-exporter", 9_100, .open, "node-exporter"),
        row("proxy-agent", 8_093, .local, "the tunnel's health"), row("proxy-agent", 8_094, .local, "the tunnel's administration"),
    ]

    private static let runtime: [KnownListener] = [
        row("dockerd", 2_375, .plaintext, "Docker's API"), row("dockerd", 2_376, .mutual, "Docker's API over TLS"),
        row("containerd", 1_338, .local, "containerd's metrics"), row("crio", 9_090, .local, "CRI-O's metrics"),
    ]

    private static let network: [KnownListener] = [
        row("bird", 179, .open, "BGP between nodes"), row("calico-node", 9_099, .local, "Calico's health"),
        row("calico-node", 9_091, .local, "Calico's metrics"), row("calico-typha", 5_473, .mutual, "Calico's Typha"),
        row("cilium-agent", 4_240, .open, "Cilium's health between nodes"), row("cilium-agent", 4_244, .mutual, "Hubble"),
        row("cilium-agent", 9_962, .local, "Cilium's metrics"), row("cilium-agent", 9_879, .local, "Cilium's health"),
        row("cilium-agent", 9_965, .local, "Hubble's metrics"), row("cilium-agent", 4_250, .mutual, "Cilium's mutual authentication"),
        row("cilium-envoy", 9_964, .local, "the metrics of Cilium's Envoy"), row("cilium-envoy", 9_878, .local, "the health of Cilium's Envoy"),
        row("cilium-operator", 9_963, .local, "the metrics of Cilium's operator"),
        row("antrea-agent", 10_350, .open, "Antrea's API"), row("antrea-agent", 10_351, .open, "Antrea's gossip"),
        row("kube-router", 179, .open, "BGP between nodes"), row("bird6", 179, .open, "BGP between nodes"),
        row("flanneld", 8_285, .open, "Flannel's overlay", "udp"),
        row("aws-k8s-agent", 61_678, .open, "the metrics of Amazon's VPC plugin"),
        row("aws-k8s-agent", 61_679, .local, "what Amazon's VPC plugin tells of itself"),
    ]

    /// Tunnels that the kernel ends: no process holds the socket. 8473 is what a second VXLAN beside 8472 takes, 51821 WireGuard's over IPv6.
    private static let overlays: [KnownListener] = [
        row(kernel, 4_789, .open, "VXLAN", "udp"), row(kernel, 8_472, .open, "VXLAN", "udp"), row(kernel, 8_473, .open, "VXLAN", "udp"),
        row(kernel, 6_081, .open, "Geneve", "udp"), row(kernel, 51_820, .open, "WireGuard", "udp"), row(kernel, 51_821, .open, "WireGuard", "udp"),
        row(kernel, 51_871, .open, "Cilium's WireGuard", "udp"),
    ]

    private static let system: [KnownListener] = [
        row("sshd", 22, .open, "SSH"), row("systemd-resolve", 53, .local, "the machine's resolver"),
        row("systemd-resolve", 53, .local, "the machine's resolver", "udp"), row("chronyd", 323, .local, "chrony's control", "udp"),
        row("chronyd", 123, .open, "time", "udp"), row("ntpd", 123, .open, "time", "udp"), row("systemd-timesyn", 123, .open, "time", "udp"),
        row("dhclient", 68, .open, "DHCP", "udp"), row("systemd-network", 68, .open, "DHCP", "udp"),
        row("dhclient", 546, .open, "DHCPv6", "udp"), row("dhcpcd", 68, .open, "DHCP", "udp"), row("dhcpcd", 546, .open, "DHCPv6", "udp"),
        row("NetworkManager", 68, .open, "DHCP", "udp"), row("NetworkManager", 546, .open, "DHCPv6", "udp"),
        row("systemd-network", 546, .open, "DHCPv6", "udp"),
        row("keepalived", 112, .open, "VRRP"),
    ]

    /// NodeLocal DNSCache listens at an address that only its machine has, and at that of the cluster's Service.
    private static let names: [KnownListener] =
        ["tcp", "udp"].flatMap { transport in
            [row("node-cache", 53, .open, "the node's DNS cache", transport), row("coredns", 53, .open, "the cluster's DNS", transport)]
        } + [
            row("node-cache", 8_080, .open, "the health of the node's DNS cache"),
            row("node-cache", 9_253, .open, "the metrics of the node's DNS cache"),
            row("node-cache", 9_353, .open, "the metrics of the node's DNS cache"), row("coredns", 9_153, .open, "the metrics of the cluster's DNS"),
            row("coredns", 8_080, .local, "the health of the cluster's DNS"), row("coredns", 8_181, .local, "the health of the cluster's DNS"),
        ]
}
