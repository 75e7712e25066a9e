import Documents
import Kubernetes

/// Who tells Pods where others are: the cluster's DNS, as far as the estate shows it.
struct NameService {
    /// Groups of the Pods that answer, empty when the estate does not hold them.
    private let groups: BitSet
    /// Their ports, besides the usual one.
    private(set) var ports = NameService.usual

    private static let usual = ConnectionSet(tcp: PortSet(53), udp: PortSet(53))

    init(_ inventory: Inventory, _ model: NetworkModel, _ objectsOfService: [Int: [Int]]) {
        var groups = BitSet()
        let reader = PodReader(nodes: .none)
        for (service, objects) in objectsOfService where NameService.isNameService(inventory.objects[service]) {
            // Services of the wrong shape are gaps of the model already.
            let served = ((try? ServicePort.all(of: inventory.objects[service])) ?? []).filter { $0.number == 53 }
            for object in objects {
                guard let workload = model.workload(ofObject: object), let pod = inventory.objects[object].pod,
                    let profile = (try? reader.profile(of: inventory.objects[object], pod)) ?? nil
                else { continue }
                for group in model.workloads[workload].groups { groups.insert(group) }
                for port in served { ports.formUnion(port.connections(to: profile)) }
            }
        }
        self.groups = groups
    }

    /// The Service that kubelets hand to Pods: `kube-dns` by name, whatever answers behind it; by its label under another name.
    /// (kubernetes.io, "DNS for Services and Pods")
    private static func isNameService(_ service: KubernetesObject) -> Bool {
        guard service.isCoreService, service.namespace == "kube-system" else { return false }
        return service.name == "kube-dns" || (try? service.labels["k8s-app"].equals("kube-dns")) == true
    }

    func judge(_ kind: ConnectionTypes.Kind, _ policies: [Policy]) -> NetworkStanding.NameLookup {
        // What leaves the cluster may go to a resolver outside, or to the cache on each node.
        if kind.external.parts.contains(where: { !$0.connections.isDisjoint(with: NameService.usual) }) { return .open }
        guard !kind.pods.parts.isEmpty else { return .unneeded }
        guard groups.isEmpty else {
            let isOpen = kind.pods.parts.contains { !$0.region.isDisjoint(with: groups) && !$0.connections.isDisjoint(with: ports) }
            return isOpen ? .open : .cutOff
        }
        // Whoever answers is not in the estate, so the rules must tell.
        let rules = kind.policies.flatMap { policies[$0].egress ?? [] }
        let isOpen = rules.contains { rule in
            rule.action == .allow && (!rule.ports.names.isEmpty || !rule.ports.numbers.isDisjoint(with: NameService.usual))
        }
        return isOpen ? .open : .cutOff
    }
}

extension ConnectionSet {
    fileprivate func isDisjoint(with other: ConnectionSet) -> Bool { intersection(other).isEmpty }
}
