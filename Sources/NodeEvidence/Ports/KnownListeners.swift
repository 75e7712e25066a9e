/// Ports on which programs of a Kubernetes machine are known to listen, and for whom.
///
/// Sources: "Ports and Protocols" and the component reference of kubernetes.io; etcd's and containerd's configuration pages; "Protect the
/// Docker daemon socket" of docs.docker.com; the system requirements of Calico, Cilium and Flannel; node-exporter's README.
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

    private static func row(_ program: String, _ port: Int, _ standing: Standing, _ title: String, _ transport: String = "tcp") -> KnownListener {
        KnownListener(program: program, ports: port...port, transport: transport, title: title, standing: standing)
    }

    /// The whole table.
    static let everything: [KnownListener] =
        controlPlane + node + runtime + network + system + [
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
    ]

    private static let node: [KnownListener] = [
        row("kubelet", 10_250, .open, "the kubelet"), row("kubelet", 10_255, .plaintext, "the kubelet's read-only port"),
        row("kubelet", 10_248, .local, "the kubelet's health"), row("kubelet", 4_194, .plaintext, "the kubelet's former cAdvisor"),
        row("kube-proxy", 10_256, .open, "kube-proxy's health, which load balancers ask"), row("kube-proxy", 10_249, .local, "kube-proxy's metrics"),
        row("node_exporter", 9_100, .open, "node-exporter"),
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
        row("antrea-agent", 10_350, .open, "Antrea's API"), row("antrea-agent", 10_351, .open, "Antrea's gossip"),
        row("kube-router", 179, .open, "BGP between nodes"),
    ]

    private static let system: [KnownListener] = [
        row("sshd", 22, .open, "SSH"), row("systemd-resolve", 53, .local, "the machine's resolver"),
        row("systemd-resolve", 53, .local, "the machine's resolver", "udp"), row("chronyd", 323, .local, "chrony's control", "udp"),
        row("chronyd", 123, .open, "time", "udp"), row("ntpd", 123, .open, "time", "udp"), row("systemd-timesyn", 123, .open, "time", "udp"),
        row("dhclient", 68, .open, "DHCP", "udp"), row("systemd-network", 68, .open, "DHCP", "udp"),
        row("systemd-network", 546, .open, "DHCPv6", "udp"), row("node-local-dns", 53, .local, "the node's DNS cache"),
        row("keepalived", 112, .open, "VRRP"),
    ]
}
