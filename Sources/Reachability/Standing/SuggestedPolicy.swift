public import Documents
public import Kubernetes

/// The smallest NetworkPolicy that keeps what the estate shows to be in use: ports that Services and ways in from outside lead
/// to. It goes beside other policies, since policies add up.
public struct SuggestedPolicy: Sendable {
    /// Where Pods may connect to.
    public enum Egress: Sendable {
        /// The policy says nothing about it.
        case unchanged
        /// DNS and nothing else: for Pods that other policies let out already.
        case names
        /// DNS, and Pods of the same namespace.
        case inside
        /// Everything but the metadata services of the clouds.
        case allButMetadata
    }

    /// Who may connect besides those who come through a way in.
    public enum Clients: Sendable {
        /// The policy says nothing about incoming connections at all.
        case unchanged
        /// Pods of the same namespace, on the ports of Services.
        case sameNamespace
        /// As above, and Pods of these namespaces.
        case namespaces([String])
    }

    let standing: NetworkStanding
    let workload: Int

    /// Whether the Pods have a label by which a policy could select them.
    public static func isPossible(for workload: Int, in standing: NetworkStanding) -> Bool {
        labels(of: workload, in: standing.model)?.isEmpty == false
    }

    /// nil where it is not possible.
    public static func manifest(for workload: Int, clients: Clients, egress: Egress, in standing: NetworkStanding) -> String? {
        SuggestedPolicy(standing: standing, workload: workload).manifest(clients, egress)
    }

    private var model: NetworkModel { standing.model }

    private func manifest(_ clients: Clients, _ egress: Egress) -> String? {
        let described = model.workloads[workload]
        guard let labels = SuggestedPolicy.labels(of: workload, in: model), !labels.isEmpty else { return nil }
        var types: [ManifestText] = []
        var spec: [ManifestText.Entry] = [.init("podSelector", SuggestedPolicy.selector(labels))]
        if let ingress = ingress(clients) {
            types.append(.text("Ingress"))
            spec.append(.init("ingress", .list(ingress)))
        }
        if let egress = self.egress(egress) {
            types.append(.text("Egress"))
            spec.append(.init("egress", .list(egress)))
        }
        spec.insert(.init("policyTypes", .list(types)), at: 1)
        // Policies for one workload add up, so none may take the place of another.
        let name = described.name.prefix { $0 != "*" }.prefix(200) + (described.name.hasSuffix("-*") ? "" : "-") + suffix(clients, egress)
        let manifest = ManifestText.map([
            "apiVersion": .text("networking.k8s.io/v1"), "kind": .text("NetworkPolicy"),
            "metadata": .map(["name": .text(String(name)), "namespace": .text(described.namespace)]),
            "spec": .map(spec),
        ])
        return remark(clients, egress) + manifest.yaml
    }

    private func suffix(_ clients: Clients, _ egress: Egress) -> String {
        switch (clients, egress) {
        case (_, .names): "names"
        case (_, .inside): "kept-inside"
        case (_, .allButMetadata): "no-metadata"
        case (.namespaces, .unchanged): "own-tenant"
        case (_, .unchanged): "in-use"
        }
    }

    private func remark(_ clients: Clients, _ egress: Egress) -> String {
        switch (clients, egress) {
        case (.unchanged, .names): "# Opens DNS and nothing else.\n"
        case (.unchanged, .allButMetadata): "# Keeps everything open but the metadata services.\n"
        case (.unchanged, _): "# Keeps the namespace and DNS; add what else the Pods connect to before applying it.\n"
        default: "# Keeps what Services and ways in from outside show to be in use; add who else connects before applying it.\n"
        }
    }

    // MARK: - Whom it selects

    /// Labels that a controller gives each Pod, or each version of its Pods.
    private static let passing: Set<String> = [
        "pod-template-hash", "controller-revision-hash", "pod-template-generation", "controller-uid", "job-name",
        "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-name", "batch.kubernetes.io/job-completion-index",
    ]

    /// What the workload selects its own Pods by, otherwise all labels that last.
    private static func labels(of workload: Int, in model: NetworkModel) -> [(key: String, value: String)]? {
        let described = model.workloads[workload]
        let objects = described.objects.map { model.objects[$0] }
        guard let object = objects.first(where: { $0.kind == described.kind && $0.name == described.name }) ?? objects.first,
            // Labels that are no strings are gaps; such Pods have no suggestion.
            let labels = try? object.pod?.labels.stringMap()
        else { return nil }
        let own = (try? object.spec["selector"]["matchLabels"].stringMap()) ?? [:]
        let chosen = !own.isEmpty && own.allSatisfy({ labels[$0.key] == $0.value }) ? own : labels
        return chosen.filter { !passing.contains($0.key) }.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
    }

    // MARK: - Rules

    private func ingress(_ clients: Clients) -> [ManifestText]? {
        var rules: [ManifestText] = []
        var open = ConnectionSet.none
        var forwarded: [Int: ConnectionSet] = [:]
        for door in (model.doorsOfWorkload[workload] ?? []).map({ model.doors[$0] }) {
            if case .workloads(let forwarders) = door.forwarder {
                for forwarder in forwarders where forwarder != workload { forwarded[forwarder, default: .none].formUnion(door.targets) }
            } else {
                // Who comes through a balancer may have the address of a node, so nobody can be named here.
                open.formUnion(door.targets)
            }
        }
        let inside: [ManifestText]
        switch clients {
        case .unchanged: return nil
        case .sameNamespace: inside = [.map(["podSelector": .map([])])]
        case .namespaces(let names):
            let values = ManifestText.list(names.map { .text($0) })
            let name: ManifestText = .map(["key": .text(NamespaceList.nameLabel), "operator": .text("In"), "values": values])
            inside = [.map(["namespaceSelector": .map(["matchExpressions": .list([name])])])]
        }
        if !open.isEmpty { rules.append(.map(["ports": SuggestedPolicy.ports(open)])) }
        for (forwarder, connections) in forwarded.sorted(by: { $0.key < $1.key }) {
            let rest = connections.subtracting(open)
            guard !rest.isEmpty, let peer = SuggestedPolicy.peer(forwarder, in: model) else { continue }
            rules.append(.map(["from": .list([peer]), "ports": SuggestedPolicy.ports(rest)]))
        }
        let served = servicePorts.subtracting(open)
        if !served.isEmpty { rules.append(.map(["from": .list(inside), "ports": SuggestedPolicy.ports(served)])) }
        return rules
    }

    /// Ports on the Pods that Services lead to.
    private var servicePorts: ConnectionSet {
        var connections = ConnectionSet.none
        let reader = PodReader(nodes: .none)
        for object in model.workloads[workload].objects {
            // What cannot be read is a gap of the model; nothing is suggested for it.
            guard let services = standing.servicesOfObject[object], let pod = model.objects[object].pod,
                let profile = (try? reader.profile(of: model.objects[object], pod)) ?? nil
            else { continue }
            for port in services.flatMap({ (try? ServicePort.all(of: model.objects[$0])) ?? [] }) {
                connections.formUnion(port.connections(to: profile))
            }
        }
        return connections
    }

    private func egress(_ egress: Egress) -> [ManifestText]? {
        let names: ManifestText = .map([
            "to": .list([
                .map([
                    "namespaceSelector": SuggestedPolicy.selector([(NamespaceList.nameLabel, "kube-system")]),
                    "podSelector": SuggestedPolicy.selector([("k8s-app", "kube-dns")]),
                ])
            ]), "ports": SuggestedPolicy.ports(standing.namePorts),
        ])
        switch egress {
        case .unchanged: return nil
        case .names: return [names]
        case .inside: return [names, .map(["to": .list([.map(["podSelector": .map([])])])])]
        case .allButMetadata:
            let blocks = [
                ("0.0.0.0/0", MetadataService.blocks.filter { !$0.contains(":") }), ("::/0", MetadataService.blocks.filter { $0.contains(":") }),
            ]
            return [
                .map(["to": .list([.map(["namespaceSelector": .map([])])])]),
                .map([
                    "to": .list(
                        blocks.map { block, except in
                            .map(["ipBlock": .map(["cidr": .text(block), "except": .list(except.map { .text($0) })])])
                        })
                ]),
            ]
        }
    }

    // MARK: - Parts of a policy

    private static func peer(_ workload: Int, in model: NetworkModel) -> ManifestText? {
        guard let labels = labels(of: workload, in: model), !labels.isEmpty else { return nil }
        let namespace = model.workloads[workload].namespace
        return .map(["namespaceSelector": selector([(NamespaceList.nameLabel, namespace)]), "podSelector": selector(labels)])
    }

    private static func selector(_ labels: [(key: String, value: String)]) -> ManifestText {
        .map(["matchLabels": .map(labels.map { ManifestText.Entry($0.key, .text($0.value)) })])
    }

    /// Ports as a policy lists them.
    public static func ports(_ connections: ConnectionSet) -> ManifestText {
        var items: [ManifestText] = []
        for transport in TransportProtocol.allCases {
            for range in connections[transport].ranges {
                var item: [ManifestText.Entry] = [.init("protocol", .text(transport.rawValue))]
                if range != 1...65535 {
                    item.append(.init("port", .number(Int64(range.lowerBound))))
                    if range.upperBound > range.lowerBound { item.append(.init("endPort", .number(Int64(range.upperBound)))) }
                }
                items.append(.map(item))
            }
        }
        return .list(items)
    }
}

/// Where clouds hand credentials to whoever asks from inside: AWS, Azure, Google and OpenStack (IPv4), AWS (IPv6), Alibaba Cloud.
/// (docs.aws.amazon.com, "Access instance metadata"; help.aliyun.com, "Instance metadata")
public enum MetadataService {
    /// As texts, for messages.
    public static let addresses: [(text: String, range: AddressRange)] = ["169.254.169.254", "100.100.100.200", "fd00:ec2::254"].compactMap { text in
        AddressRange(text).map { (text, $0) }
    }

    /// They all answer over HTTP.
    public static let connections = ConnectionSet(tcp: PortSet(80))

    static let blocks = ["169.254.169.254/32", "100.100.100.200/32", "fd00:ec2::254/128"]
}
