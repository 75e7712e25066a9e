import Documents
import Kubernetes

// The policies of administrators: AdminNetworkPolicy and BaselineAdminNetworkPolicy (policy.networking.k8s.io/v1alpha1),
// and ClusterNetworkPolicy (v1alpha2, v1beta1), which takes their place.
// Source: the API types and their validation in kubernetes-sigs/network-policy-api, `apis/`.

extension Policy {
    /// - Throws: `WrongType` for a policy the API server refuses.
    init(adminPolicy policy: KubernetesObject, object: Int) throws(WrongType) {
        let spec = policy.spec
        let isBaseline = policy.kind == "BaselineAdminNetworkPolicy"
        if isBaseline, policy.name != "default" {
            throw WrongType(value: policy.metadata["name"], expected: "default, the only name a BaselineAdminNetworkPolicy may have")
        }
        self.init(
            object: object, tier: isBaseline ? .baseline : .admin, priority: isBaseline ? 0 : try Policy.priority(spec),
            subject: try Policy.selection(spec["subject"]),
            ingress: try Policy.clusterRules(spec, .ingress, .admin(isBaseline: isBaseline)),
            egress: try Policy.clusterRules(spec, .egress, .admin(isBaseline: isBaseline)))
    }

    /// - Throws: `WrongType` for a policy the API server refuses.
    init(clusterPolicy policy: KubernetesObject, object: Int) throws(WrongType) {
        let spec = policy.spec
        let tier: PolicyTier
        switch try spec["tier"].string() {
        case "Admin": tier = .admin
        case "Baseline": tier = .baseline
        default: throw WrongType(value: spec["tier"], expected: "Admin or Baseline")
        }
        self.init(
            object: object, tier: tier, priority: try Policy.priority(spec), subject: try Policy.selection(spec["subject"]),
            ingress: try Policy.clusterRules(spec, .ingress, .cluster), egress: try Policy.clusterRules(spec, .egress, .cluster))
    }

    /// How the two generations of the API spell the same things.
    private enum Dialect {
        case admin(isBaseline: Bool)
        case cluster
    }

    private static func priority(_ spec: Value) throws(WrongType) -> Int64 {
        guard let priority = try spec["priority"].int(), (0...1000).contains(priority) else {
            throw WrongType(value: spec["priority"], expected: "a number from 0 to 1000")
        }
        return priority
    }

    /// A subject, or a peer that selects Pods: by namespace alone, or by namespace and labels.
    private static func selection(_ value: Value) throws(WrongType) -> PodSelection {
        let field = try value.onlyField(of: ["namespaces", "pods"], expected: "a mapping with either namespaces or pods")
        return try selection(field: field)
    }

    private static func selection(field: Value) throws(WrongType) -> PodSelection {
        if field.isKeyed("namespaces") { return PodSelection(namespaces: .labelled(try LabelSelector(field)), pods: LabelSelector([])) }
        return PodSelection(
            namespaces: .labelled(try LabelSelector(field["namespaceSelector"])), pods: try LabelSelector(field["podSelector"]))
    }

    /// nil when there are none: the policy then does not touch this direction.
    private static func clusterRules(_ spec: Value, _ direction: Direction, _ dialect: Dialect) throws(WrongType) -> [NetworkRule]? {
        var rules: [NetworkRule] = []
        let isEgress = direction == .egress
        for rule in try (isEgress ? spec["egress"] : spec["ingress"]).items() {
            let peers = isEgress ? rule["to"] : rule["from"]
            var selected: [Peer] = []
            for peer in try peers.items() { selected.append(try clusterPeer(peer, isEgress: isEgress)) }
            guard !selected.isEmpty else { throw WrongType(value: peers, expected: "a sequence with one peer at least") }
            rules.append(
                NetworkRule(action: try action(rule["action"], dialect), peers: selected, ports: try clusterPorts(rule, dialect), place: rule))
        }
        return rules.isEmpty ? nil : rules
    }

    private static func action(_ value: Value, _ dialect: Dialect) throws(WrongType) -> PolicyAction {
        switch (try value.string(), dialect) {
        case ("Deny", _): return .deny
        case ("Allow", .admin), ("Accept", .cluster): return .allow
        case ("Pass", .admin(isBaseline: false)), ("Pass", .cluster): return .pass
        case (_, .admin(isBaseline: false)): throw WrongType(value: value, expected: "Allow, Deny or Pass")
        case (_, .admin(isBaseline: true)): throw WrongType(value: value, expected: "Allow or Deny")
        case (_, .cluster): throw WrongType(value: value, expected: "Accept, Deny or Pass")
        }
    }

    private static func clusterPeer(_ peer: Value, isEgress: Bool) throws(WrongType) -> Peer {
        guard isEgress else { return .pods(try selection(peer)) }
        let field = try peer.onlyField(
            of: ["namespaces", "pods", "nodes", "networks", "domainNames"],
            expected: "a mapping with one of namespaces, pods, nodes, networks or domainNames")
        if field.isKeyed("nodes") { return .nodes(try LabelSelector(field)) }
        if field.isKeyed("domainNames") {
            guard try !field.strings().isEmpty else { throw WrongType(value: field, expected: "a sequence with one name at least") }
            return .domainNames
        }
        guard field.isKeyed("networks") else { return .pods(try selection(field: field)) }
        var addresses = AddressSet.empty
        for block in try field.items() { addresses = addresses.union(AddressSet(try readBlock(block))) }
        guard !addresses.isEmpty else { throw WrongType(value: field, expected: "a sequence with one block at least") }
        return .addresses(addresses, matchesPods: true)
    }

    private static func clusterPorts(_ rule: Value, _ dialect: Dialect) throws(WrongType) -> PortMatch {
        let (list, foreign) = if case .cluster = dialect { (rule["protocols"], rule["ports"]) } else { (rule["ports"], rule["protocols"]) }
        // The server drops a field it does not know, and the rule would match every port without a word.
        guard !foreign.exists else { throw WrongType(value: foreign, expected: "left out: this kind of policy has no such field") }
        guard list.exists else { return .all }
        var match = PortMatch(numbers: .none)
        for item in try list.items() {
            if case .cluster = dialect { try addProtocol(item, to: &match) } else { try addPort(item, to: &match) }
        }
        guard match != PortMatch(numbers: .none) else { throw WrongType(value: list, expected: "a sequence with one item at least") }
        return match
    }

    /// `portNumber`, `portRange` or `namedPort`.
    private static func addPort(_ item: Value, to match: inout PortMatch) throws(WrongType) {
        let field = try item.onlyField(
            of: ["portNumber", "portRange", "namedPort"], expected: "a mapping with one of portNumber, portRange or namedPort")
        if field.isKeyed("namedPort") {
            if let name = try readPortName(field) { match.names.append(PortMatch.Name(name: name, protocol: nil)) }
            return
        }
        let transport = try TransportProtocol(field["protocol"])
        let range: ClosedRange<UInt16>
        if field.isKeyed("portNumber") {
            let port = try required(field["port"])
            range = port...port
        } else {
            range = try span(field)
        }
        match.numbers.formUnion(ConnectionSet(transport, PortSet(range)))
    }

    /// `tcp`, `udp`, `sctp` with or without a destination port, or `destinationNamedPort`.
    private static func addProtocol(_ item: Value, to match: inout PortMatch) throws(WrongType) {
        let field = try item.onlyField(
            of: ["tcp", "udp", "sctp", "destinationNamedPort"], expected: "a mapping with one of tcp, udp, sctp or destinationNamedPort")
        if field.isKeyed("destinationNamedPort") {
            if let name = try readPortName(field) { match.names.append(PortMatch.Name(name: name, protocol: nil)) }
            return
        }
        let transport: TransportProtocol = field.isKeyed("tcp") ? .tcp : field.isKeyed("udp") ? .udp : .sctp
        _ = try field.entries()
        let port = field["destinationPort"]
        guard port.exists else { return match.numbers.formUnion(ConnectionSet(transport, .allPorts)) }
        let choice = try port.onlyField(of: ["number", "range"], expected: "a mapping with either number or range")
        if choice.isKeyed("number") {
            match.numbers.formUnion(ConnectionSet(transport, PortSet(try required(choice))))
        } else {
            match.numbers.formUnion(ConnectionSet(transport, PortSet(try span(choice))))
        }
    }

    private static func required(_ value: Value) throws(WrongType) -> UInt16 {
        guard let port = try readPort(value) else { throw WrongType(value: value, expected: "a port from 1 to 65535") }
        return port
    }

    private static func span(_ range: Value) throws(WrongType) -> ClosedRange<UInt16> {
        let (start, end) = (try required(range["start"]), try required(range["end"]))
        guard start <= end else { throw WrongType(value: range["end"], expected: "a port no lower than start") }
        return start...end
    }
}
