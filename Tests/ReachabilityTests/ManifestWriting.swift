import Documents
import Kubernetes
import Reachability
import Testing

/// Estates of the reference as manifests, which is all the engine sees of them.
extension Reference.Estate {
    var manifest: String {
        let namespaces = namespaces.sorted { $0.key < $1.key }.map { name, labels in
            "{apiVersion: v1, kind: Namespace, metadata: {name: \(name), labels: \(labels.flow)}}"
        }
        let pods = pods.map { pod in
            let ports = pod.ports.map { "{name: \($0.name), protocol: \($0.transport), containerPort: \($0.number)}" }.joined(separator: ", ")
            return """
                {apiVersion: v1, kind: Pod, metadata: {name: \(pod.name), namespace: \(pod.namespace), labels: \(pod.labels.flow)}, \
                spec: {hostNetwork: \(pod.isHostNetwork), containers: [{name: c, image: i, ports: [\(ports)]}]}}
                """
        }
        return (namespaces + pods + policies.map(\.manifest)).joined(separator: "\n---\n")
    }
}

extension Reference.Policy {
    fileprivate var manifest: String {
        let isCluster = kind == .clusterAdmin || kind == .clusterBaseline
        let (ingress, egress) = (rules("from", ingress, isCluster), rules("to", egress, isCluster))
        guard kind != .network else {
            let types = (self.ingress == nil ? [] : ["Ingress"]) + (self.egress == nil ? [] : ["Egress"])
            return """
                {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: \(name), namespace: \(namespace)}, \
                spec: {podSelector: \(pods.flow), policyTypes: [\(types.joined(separator: ", "))], ingress: \(ingress), egress: \(egress)}}
                """
        }
        let (version, name) =
            switch kind {
            case .admin: ("v1alpha1", "AdminNetworkPolicy")
            case .baseline: ("v1alpha1", "BaselineAdminNetworkPolicy")
            default: ("v1alpha2", "ClusterNetworkPolicy")
            }
        let tier = isCluster ? "tier: \(kind == .clusterAdmin ? "Admin" : "Baseline"), " : ""
        let priority = kind == .baseline ? "" : "priority: \(priority), "
        return """
            {apiVersion: policy.networking.k8s.io/\(version), kind: \(name), metadata: {name: \(self.name)}, spec: {\(tier)\(priority)\
            subject: {pods: {namespaceSelector: \(namespaces.flow), podSelector: \(pods.flow)}}, ingress: \(ingress), egress: \(egress)}}
            """
    }

    private func rules(_ peers: String, _ rules: [Reference.Rule]?, _ isCluster: Bool) -> String {
        let texts = (rules ?? []).map { rule in
            var fields: [String] = []
            if kind != .network { fields.append("action: \(isCluster && rule.action == "Allow" ? "Accept" : rule.action)") }
            if let list = rule.peers {
                fields.append("\(peers): [\(list.map { $0.manifest(isNetworkPolicy: kind == .network) }.joined(separator: ", "))]")
            }
            if let list = rule.ports {
                let name = isCluster ? "protocols" : "ports"
                fields.append(
                    "\(name): [\(list.map { kind == .network ? $0.manifest : isCluster ? $0.protocolManifest : $0.adminManifest }.joined(separator: ", "))]"
                )
            }
            return "{\(fields.joined(separator: ", "))}"
        }
        return "[\(texts.joined(separator: ", "))]"
    }
}

extension Reference.Peer {
    fileprivate func manifest(isNetworkPolicy: Bool) -> String {
        switch self {
        case .pods(let namespaces, let pods):
            guard isNetworkPolicy else { return "{pods: {namespaceSelector: \((namespaces ?? []).flow), podSelector: \(pods.flow)}}" }
            guard let namespaces else { return "{podSelector: \(pods.flow)}" }
            return pods.isEmpty ? "{namespaceSelector: \(namespaces.flow)}" : "{namespaceSelector: \(namespaces.flow), podSelector: \(pods.flow)}"
        case .block(let block, let except):
            return "{ipBlock: {cidr: \"\(block.text)\", except: [\(except.map { "\"\($0.text)\"" }.joined(separator: ", "))]}}"
        case .networks(let blocks): return "{networks: [\(blocks.map { "\"\($0.text)\"" }.joined(separator: ", "))]}"
        }
    }
}

extension Reference.Port {
    fileprivate var manifest: String {
        var fields = transport.map { ["protocol: \($0)"] } ?? []
        if let name { fields.append("port: \(name)") }
        if let numbers {
            fields.append("port: \(numbers.lowerBound)")
            if numbers.count > 1 { fields.append("endPort: \(numbers.upperBound)") }
        }
        return "{\(fields.joined(separator: ", "))}"
    }

    fileprivate var adminManifest: String {
        if let name { return "{namedPort: \(name)}" }
        guard let numbers, let transport else { return "{}" }
        return numbers.count == 1
            ? "{portNumber: {protocol: \(transport), port: \(numbers.lowerBound)}}"
            : "{portRange: {protocol: \(transport), start: \(numbers.lowerBound), end: \(numbers.upperBound)}}"
    }

    fileprivate var protocolManifest: String {
        if let name { return "{destinationNamedPort: \(name)}" }
        guard let numbers, let transport else { return "{}" }
        let port = numbers.count == 1 ? "number: \(numbers.lowerBound)" : "range: {start: \(numbers.lowerBound), end: \(numbers.upperBound)}"
        return "{\(transport.lowercased()): {destinationPort: {\(port)}}}"
    }
}

extension Reference.Block {
    var text: String { "\(address.text)/\(prefix)" }
}

extension Reference.Address {
    var set: AddressSet {
        get throws { AddressSet(try #require(AddressRange(text))) }
    }

    var text: String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }
}

extension [String: String] {
    fileprivate var flow: String { "{\(sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}" }
}

extension Reference.Selector {
    fileprivate var flow: String {
        let expressions = map {
            "{key: \($0.key), operator: \($0.operator)\($0.values.isEmpty ? "" : ", values: [\($0.values.joined(separator: ", "))]")}"
        }
        return isEmpty ? "{}" : "{matchExpressions: [\(expressions.joined(separator: ", "))]}"
    }
}

/// The model of a manifest.
func model(_ manifest: String, source: String = "estate.yaml") -> NetworkModel {
    let parsed = DocumentTree.parse(manifest, source: source)
    #expect(parsed.problems.isEmpty)
    return NetworkModel(of: Inventory(SourceObjects(parsed.tree).objects))
}

extension NetworkModel {
    func workload(_ name: String) throws -> Int { try #require(workloads.firstIndex { $0.description == name }, "no workload \(name)") }

    /// Whether a connection is possible, asked the way the reference is asked.
    func allows(_ source: Reference.End, _ destination: Reference.End, _ transport: String, _ port: Int) throws -> Bool {
        let transport = try #require(TransportProtocol(rawValue: transport))
        let connections: ConnectionSet
        switch (source, destination) {
        case (.pod(let source), .pod(let destination)):
            connections = self.connections(
                from: try workload("\(source.namespace)/\(source.name)[Pod]"), to: try workload("\(destination.namespace)/\(destination.name)[Pod]"))
        case (.outside(let address), .pod(let pod)):
            connections = try self.connections(externalIngress(of: workload("\(pod.namespace)/\(pod.name)[Pod]")), address)
        case (.pod(let pod), .outside(let address)):
            connections = try self.connections(externalEgress(of: workload("\(pod.namespace)/\(pod.name)[Pod]")), address)
        case (.outside, .outside): connections = .all
        }
        return connections.contains(transport, UInt16(port))
    }

    private func connections(_ parts: [ExternalConnections], _ address: Reference.Address) throws -> ConnectionSet {
        let single = try address.set
        let found = parts.filter { !$0.addresses.isDisjoint(with: single) }
        #expect(found.count <= 1)
        return found.first?.connections ?? .none
    }
}
