import Documents
import Kubernetes

extension Policy {
    /// Reads a NetworkPolicy.
    /// (kubernetes.io, "Network Policies", and the validation of `networking.k8s.io/v1`)
    /// - Throws: `WrongType` for a policy the API server refuses.
    init(networkPolicy policy: KubernetesObject, object: Int) throws(WrongType) {
        let spec = policy.spec
        _ = try spec.entries()
        let ingress = try Policy.rules(spec["ingress"], "from", policy.namespace)
        let egress = try Policy.rules(spec["egress"], "to", policy.namespace)
        let (isIngress, isEgress) = try Policy.types(of: spec, hasEgressRules: !egress.isEmpty)
        self.init(
            object: object, tier: .namespace, priority: 0,
            subject: PodSelection(namespaces: .named(policy.namespace), pods: try LabelSelector(spec["podSelector"])),
            ingress: isIngress ? ingress : nil, egress: isEgress ? egress : nil)
    }

    /// The directions a policy is about: those it names, and otherwise ingress, and egress where it has rules for it.
    private static func types(of spec: Value, hasEgressRules: Bool) throws(WrongType) -> (ingress: Bool, egress: Bool) {
        var (ingress, egress, isEmpty) = (false, false, true)
        for type in try spec["policyTypes"].items() {
            isEmpty = false
            switch try type.string() {
            case "Ingress": ingress = true
            case "Egress": egress = true
            default: throw WrongType(value: type, expected: "Ingress or Egress")
            }
        }
        return isEmpty ? (true, hasEgressRules) : (ingress, egress)
    }

    private static func rules(_ list: Value, _ peers: StaticString, _ namespace: String) throws(WrongType) -> [NetworkRule] {
        var rules: [NetworkRule] = []
        for rule in try list.items() {
            _ = try rule.entries()
            rules.append(
                NetworkRule(
                    action: .allow, peers: try Policy.peers(rule[peers], namespace), ports: try Policy.ports(rule["ports"]), place: rule))
        }
        return rules
    }

    /// nil, which is everything, for a list that is missing or empty.
    private static func peers(_ list: Value, _ namespace: String) throws(WrongType) -> [Peer]? {
        var peers: [Peer] = []
        for peer in try list.items() { peers.append(try Policy.peer(peer, namespace)) }
        return peers.isEmpty ? nil : peers
    }

    private static func peer(_ peer: Value, _ namespace: String) throws(WrongType) -> Peer {
        _ = try peer.entries()
        let (pods, namespaces, block) = (peer["podSelector"], peer["namespaceSelector"], peer["ipBlock"])
        guard block.exists else {
            guard pods.exists || namespaces.exists else {
                throw WrongType(value: peer, expected: "a peer with podSelector, namespaceSelector or ipBlock")
            }
            let selected: PodSelection.Namespaces = namespaces.exists ? .labelled(try LabelSelector(namespaces)) : .named(namespace)
            return .pods(PodSelection(namespaces: selected, pods: try LabelSelector(pods)))
        }
        guard !pods.exists, !namespaces.exists else { throw WrongType(value: peer, expected: "either an ipBlock or selectors, not both") }
        let range = try readBlock(block["cidr"])
        var exceptions = AddressSet.empty
        for item in try block["except"].items() {
            let exception = try readBlock(item)
            guard range.contains(exception), exception.prefixLength > range.prefixLength else {
                throw WrongType(value: item, expected: "a smaller block inside the cidr")
            }
            exceptions = exceptions.union(AddressSet(exception))
        }
        return .addresses(AddressSet(range).subtracting(exceptions), matchesPods: false)
    }

    /// Everything for a list that is missing or empty.
    private static func ports(_ list: Value) throws(WrongType) -> PortMatch {
        var match = PortMatch(numbers: .none)
        var isEmpty = true
        for item in try list.items() {
            isEmpty = false
            _ = try item.entries()
            try Policy.add(item, to: &match)
        }
        return isEmpty ? .all : match
    }

    private static func add(_ item: Value, to match: inout PortMatch) throws(WrongType) {
        let transport = try TransportProtocol(item["protocol"])
        let (port, end) = (item["port"], item["endPort"])
        guard port.exists else {
            guard !end.exists else { throw WrongType(value: end, expected: "left out where there is no port") }
            return match.numbers.formUnion(ConnectionSet(transport, .allPorts))
        }
        if port.kind == .string {
            guard !end.exists else { throw WrongType(value: end, expected: "left out where the port is a name") }
            if let name = try readPortName(port) { match.names.append(PortMatch.Name(name: name, protocol: transport)) }
            return
        }
        guard let first = try readPort(port) else { return }
        let last = try readPort(end) ?? first
        guard last >= first else { throw WrongType(value: end, expected: "a port no lower than port") }
        match.numbers.formUnion(ConnectionSet(transport, PortSet(first...last)))
    }
}
