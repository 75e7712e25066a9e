import Documents

/// The group of administrators' network policies.
public let policyAPI: StaticString = "policy.networking.k8s.io"

/// Which Pods network policies close off, worked out once from every policy of the estate.
///
/// Read are `NetworkPolicy` and Cilium's two kinds. Those of administrators are told of; policies of other kinds are named in `unreadKind`, so that
/// nobody takes their absence here for their absence.
public struct NetworkIsolation: Sendable {
    public struct Directions: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let ingress = Directions(rawValue: 1)
        public static let egress = Directions(rawValue: 2)
        /// Some policy selects the Pod, whatever it then says.
        static let selected = Directions(rawValue: 4)
    }

    /// What holds for every Pod of a namespace.
    private var namespaces: [String: Directions] = [:]
    /// What holds in every namespace.
    private var everywhere: Directions = []
    /// What holds for the Pods of single objects, by index; empty when there are no policies.
    private var single: [Directions] = []
    /// A kind of policy in the estate that nothing reads.
    public private(set) var unreadKind: String?
    /// The estate has policies of administrators, which are read where reachability is worked out.
    public private(set) var hasAdministrators = false

    init(_ objects: [KubernetesObject], policies: [Int], workloads: WorkloadIndex) {
        if !policies.isEmpty { single = Array(repeating: [], count: objects.count) }
        for index in policies {
            // A policy of the wrong shape isolates nothing; the controls that judge it report the gap.
            try? read(objects[index], of: objects, workloads)
        }
    }

    static let policyKinds = [
        "NetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy", "AdminNetworkPolicy",
        "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy",
    ]

    /// Directions in which every Pod of the namespace is closed but for what is allowed by name.
    public func defaults(of namespace: String) -> Directions {
        (namespaces[namespace] ?? []).union(everywhere)
    }

    /// Whether any policy selects the Pods of this object.
    public func isSelected(_ object: Int, in namespace: String) -> Bool {
        defaults(of: namespace).contains(.selected) || (single.indices.contains(object) && single[object].contains(.selected))
    }

    private mutating func read(_ policy: KubernetesObject, of objects: [KubernetesObject], _ workloads: WorkloadIndex) throws(WrongType) {
        switch policy.kind {
        case "NetworkPolicy" where policy.apiVersion.hasPrefix("networking.k8s.io/") || policy.apiVersion.hasPrefix("extensions/"):
            let selector = try LabelSelector(policy.spec["podSelector"])
            let directions = try NetworkIsolation.directions(of: policy.spec)
            add(directions, selector, namespace: policy.namespace, objects, workloads)
        case "AdminNetworkPolicy" where policy.isInGroup(policyAPI), "BaselineAdminNetworkPolicy" where policy.isInGroup(policyAPI),
            "ClusterNetworkPolicy" where policy.isInGroup(policyAPI):
            hasAdministrators = true
        case "CiliumNetworkPolicy":
            try readCilium(policy, namespace: policy.namespace, objects, workloads)
        case "CiliumClusterwideNetworkPolicy":
            try readCilium(policy, namespace: nil, objects, workloads)
        default:
            unreadKind = unreadKind ?? policy.kind
        }
    }

    private mutating func add(
        _ directions: Directions, _ selector: LabelSelector, namespace: String?, _ objects: [KubernetesObject], _ workloads: WorkloadIndex
    ) {
        guard let namespace else {
            if selector.matchesEverything { return everywhere.formUnion(directions) }
            for namespace in workloads.namespaces { add(directions, selector, namespace: namespace, objects, workloads) }
            return
        }
        if selector.matchesEverything { return namespaces[namespace, default: []].formUnion(directions) }
        // Once closed, a Pod stays closed: ten thousand policies over the same Pods need not match their labels each time.
        let selected = workloads.select(selector, in: namespace, of: objects) { !single[$0].isSuperset(of: directions) }
        for index in selected { single[index].formUnion(directions) }
    }

    /// Directions a policy closes: those it applies to, unless one of its rules opens them again for everything.
    private static func directions(of spec: Value) throws(WrongType) -> Directions {
        var directions: Directions = [.selected]
        var hasTypes = false
        for type in try spec["policyTypes"].items() {
            hasTypes = true
            if try type.equals("Ingress") { directions.insert(.ingress) }
            if try type.equals("Egress") { directions.insert(.egress) }
        }
        if !hasTypes {
            directions.insert(.ingress)
            if spec["egress"].count > 0 { directions.insert(.egress) }
        }
        if try allowsEverything(spec["ingress"], "from") { directions.remove(.ingress) }
        if try allowsEverything(spec["egress"], "to") { directions.remove(.egress) }
        return directions
    }

    private static func allowsEverything(_ rules: Value, _ peers: StaticString) throws(WrongType) -> Bool {
        for rule in try rules.items() {
            if try rule[peers].items().isEmpty, try rule["ports"].items().isEmpty { return true }
        }
        return false
    }

    /// Cilium's policies have one rule in `spec` or several in `specs`; a written direction closes it unless
    /// `enableDefaultDeny` says no.
    private mutating func readCilium(
        _ policy: KubernetesObject, namespace: String?, _ objects: [KubernetesObject], _ workloads: WorkloadIndex
    ) throws(WrongType) {
        var rules: [Value] = []
        if policy.spec.exists { rules.append(policy.spec) }
        for rule in try policy.root["specs"].items() { rules.append(rule) }
        for rule in rules where rule["endpointSelector"].exists {
            var directions: Directions = [.selected]
            let deny = rule["enableDefaultDeny"]
            if rule["ingress"].exists || rule["ingressDeny"].exists, try deny["ingress"].bool() != false { directions.insert(.ingress) }
            if rule["egress"].exists || rule["egressDeny"].exists, try deny["egress"].bool() != false { directions.insert(.egress) }
            add(directions, try LabelSelector(rule["endpointSelector"]), namespace: namespace, objects, workloads)
        }
    }
}
