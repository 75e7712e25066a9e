public import Documents

/// How far a Service can be reached, as far as its manifest tells.
public enum ServiceReach: Sendable {
    /// Only inside the cluster.
    case cluster
    /// On a port of every node.
    case nodes
    /// Through a load balancer with a private address.
    case privateBalancer
    /// Through a load balancer with a public address.
    case internet
    /// Through a load balancer whose address is decided elsewhere: an instance that exists already, or an
    /// implementation Demarc knows nothing about.
    case unknownBalancer

    /// Whether people outside the organisation's network may reach it.
    public var mayBePublic: Bool { self == .nodes || self == .internet || self == .unknownBalancer }

    /// - Parameter platforms: those whose annotations count (`Settings.loadBalancerPlatforms`), empty for all; one that no
    ///   controller of the cluster reads must not hide a public balancer.
    /// - Throws: `WrongType` for a Service the API server would refuse.
    public init(of service: KubernetesObject, platforms: [String]) throws(WrongType) {
        let type = service.spec["type"]
        if try type.equals("NodePort") {
            self = .nodes
        } else if try type.equals("LoadBalancer") {
            self = try ServiceReach.balancer(of: service, platforms)
        } else {
            self = .cluster
        }
    }

    private static func balancer(of service: KubernetesObject, _ platforms: [String]) throws(WrongType) -> ServiceReach {
        let annotations = service.annotations
        if try hasPrivateMark(annotations, platforms) { return .privateBalancer }
        // An instance that exists already keeps the address type it was made with.
        if annotations["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id"].exists { return .unknownBalancer }
        if annotations["service.beta.kubernetes.io/alicloud-loadbalancer-id"].exists { return .unknownBalancer }
        if try annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"].equals("internet-facing") { return .internet }
        // The AWS Load Balancer Controller makes internal balancers unless it is told otherwise; the older
        // controller inside the cloud provider makes public ones.
        if try annotations["service.beta.kubernetes.io/aws-load-balancer-type"].equals("external", or: "nlb-ip"),
            platforms.isEmpty || platforms.contains("aws")
        {
            return .privateBalancer
        }
        let implementation = service.spec["loadBalancerClass"]
        guard try implementation.string() != nil else { return .internet }
        if try implementation.equals("service.k8s.aws/nlb", or: "eks.amazonaws.com/nlb") { return .privateBalancer }
        return try implementation.equals("alibabacloud.com/nlb", or: "alibabacloud.com/clb") ? .internet : .unknownBalancer
    }

    /// Whether annotations that end up on a load balancer's Service keep it off the Internet.
    public static func hasPrivateMark(_ annotations: Value, _ platforms: [String]) throws(WrongType) -> Bool {
        func reads(_ platform: String) -> Bool { platforms.isEmpty || platforms.contains(platform) }
        for (platform, key, value) in privateMarks {
            if try annotations[key].equals(value), reads(platform) { return true }
        }
        return annotations["service.kubernetes.io/qcloud-loadbalancer-internal-subnetid"].exists && reads("tencent")
    }

    /// Platform, annotation and value that keep a balancer off the Internet. Sources: the platforms' pages on
    /// internal load balancers (ACK, AWS, GKE, AKS, OpenStack, Oracle, IBM, DigitalOcean).
    private static let privateMarks: [(String, StaticString, StaticString)] = [
        ("alibaba", "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", "intranet"),
        ("alibaba", "service.beta.kubernetes.io/alicloud-loadbalancer-address-type", "intranet"),
        ("aws", "service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"),
        ("aws", "service.beta.kubernetes.io/aws-load-balancer-internal", "true"),
        ("aws", "service.beta.kubernetes.io/aws-load-balancer-internal", "0.0.0.0/0"),
        ("google", "networking.gke.io/load-balancer-type", "Internal"),
        ("google", "networking.gke.io/load-balancer-type", "internal"),
        ("google", "cloud.google.com/load-balancer-type", "Internal"),
        ("google", "cloud.google.com/load-balancer-type", "internal"),
        ("azure", "service.beta.kubernetes.io/azure-load-balancer-internal", "true"),
        ("openstack", "service.beta.kubernetes.io/openstack-internal-load-balancer", "true"),
        ("oracle", "service.beta.kubernetes.io/oci-load-balancer-internal", "true"),
        ("ibm", "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", "private"),
        ("digitalocean", "service.beta.kubernetes.io/do-loadbalancer-network", "INTERNAL"),
    ]
}

extension KubernetesObject {
    /// Whether this is a `Service` of Kubernetes itself; Knative has a kind of the same name.
    public var isCoreService: Bool { apiVersion == "v1" && kind == "Service" }

    /// Whether the API group is this one. Costs no allocation.
    public func isInGroup(_ group: StaticString) -> Bool {
        group.withUTF8Buffer { group in
            let version = apiVersion.utf8
            return version.count > group.count && version.starts(with: group) && version.dropFirst(group.count).first == UInt8(ascii: "/")
        }
    }
}
