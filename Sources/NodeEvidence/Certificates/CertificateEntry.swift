public import Documents

/// One entry of the evidence's `certificates`: a file, a user or cluster of a kubeconfig, or what a listening port answered with.
public struct CertificateEntry: Sendable {
    public let place: Value
    /// The text that holds the certificates; findings about one of them stand here.
    public let pem: Value
    /// Empty for a listening port.
    public let path: String
    /// The user of a kubeconfig whose certificate this is, empty for none.
    public let user: String
    /// The cluster of a kubeconfig whose authority this is, empty for none.
    public let cluster: String
    /// `127.0.0.1:10250`, empty for a file.
    public let listener: String
    /// The program that listens.
    public let process: String
    /// Programs whose arguments or configuration led to it.
    public let programs: [String]
    public let bundle: CertificateBundle

    init(_ place: Value) throws(WrongType) {
        self.place = place
        pem = place["pem"]
        path = try place["path"].string() ?? ""
        user = try place["user"].string() ?? ""
        cluster = try place["cluster"].string() ?? ""
        listener = try place["listener"].string() ?? ""
        process = try place["process"].string() ?? ""
        programs = try place["for"].strings()
        guard !path.isEmpty || !listener.isEmpty else { throw WrongType(value: place["path"], expected: "a path, or a listener beside it") }
        guard let text = try pem.string() else { throw WrongType(value: pem, expected: "certificates as PEM text") }
        bundle = CertificateBundle(pem: text)
    }

    /// For messages: `user 'kubernetes-admin' of /etc/kubernetes/admin.conf`.
    public var name: String {
        if !listener.isEmpty { return "what \(process.isEmpty ? "the program" : escaped(process)) at \(escaped(listener)) answers with" }
        if !user.isEmpty { return "user '\(escaped(user))' of \(escaped(path))" }
        return cluster.isEmpty ? escaped(path) : "the authority of cluster '\(escaped(cluster))' in \(escaped(path))"
    }

    /// The certificate the others of the entry stand behind; none in a bundle of authorities.
    public var end: CertificateFacts? { cluster.isEmpty ? bundle.certificates.first : nil }
}

/// What a program uses a file of certificates for.
public struct CertificateUse: Sendable {
    public let component: ComponentKind
    /// Which of the programs of this kind on the machine, as `EvidenceDocument.components` numbers them.
    public let member: Int
    public let role: Role
    /// As people know it: `--client-ca-file`.
    public let setting: String
    public let path: String
    /// Where the setting stands.
    public let place: Value

    public enum Role: Sendable, Equatable {
        /// Shown to those who connect.
        case serving
        /// Shown to somebody else, who trusts the authorities of this purpose.
        case client(to: Trust)
        /// To check others with.
        case authority(Trust)
    }

    /// Whom a set of authorities vouches for.
    public enum Trust: Sendable, Hashable {
        /// Users of the API server.
        case clusterClients
        /// The proxy in front of it, which may name any user in a header.
        case frontProxy
        /// The API server, towards all who have a kubeconfig or a service account.
        case apiServers
        case etcdServers, etcdClients, etcdPeers
        case kubeletServers, kubeletClients
        /// What the controller manager signs with.
        case signing
    }

    /// Sources: the component reference of kubernetes.io, and etcd's page on transport security.
    struct Table {
        let component: ComponentKind
        let flag: String
        let field: String?
        let role: Role

        static let all: [Table] = [
            Table(component: .kubeAPIServer, flag: "tls-cert-file", field: nil, role: .serving),
            Table(component: .kubeAPIServer, flag: "client-ca-file", field: nil, role: .authority(.clusterClients)),
            Table(component: .kubeAPIServer, flag: "requestheader-client-ca-file", field: nil, role: .authority(.frontProxy)),
            Table(component: .kubeAPIServer, flag: "proxy-client-cert-file", field: nil, role: .client(to: .frontProxy)),
            Table(component: .kubeAPIServer, flag: "etcd-cafile", field: nil, role: .authority(.etcdServers)),
            Table(component: .kubeAPIServer, flag: "etcd-certfile", field: nil, role: .client(to: .etcdClients)),
            Table(component: .kubeAPIServer, flag: "kubelet-certificate-authority", field: nil, role: .authority(.kubeletServers)),
            Table(component: .kubeAPIServer, flag: "kubelet-client-certificate", field: nil, role: .client(to: .kubeletClients)),
            Table(component: .kubeControllerManager, flag: "root-ca-file", field: nil, role: .authority(.apiServers)),
            Table(component: .kubeControllerManager, flag: "cluster-signing-cert-file", field: nil, role: .authority(.signing)),
            Table(component: .kubeControllerManager, flag: "tls-cert-file", field: nil, role: .serving),
            Table(component: .kubeScheduler, flag: "tls-cert-file", field: nil, role: .serving),
            Table(component: .etcd, flag: "cert-file", field: "client-transport-security.cert-file", role: .serving),
            Table(component: .etcd, flag: "trusted-ca-file", field: "client-transport-security.trusted-ca-file", role: .authority(.etcdClients)),
            Table(component: .etcd, flag: "peer-cert-file", field: "peer-transport-security.cert-file", role: .client(to: .etcdPeers)),
            Table(component: .etcd, flag: "peer-trusted-ca-file", field: "peer-transport-security.trusted-ca-file", role: .authority(.etcdPeers)),
            Table(component: .kubelet, flag: "tls-cert-file", field: "tlsCertFile", role: .serving),
            Table(component: .kubelet, flag: "client-ca-file", field: "authentication.x509.clientCAFile", role: .authority(.kubeletClients)),
        ]
    }
}
