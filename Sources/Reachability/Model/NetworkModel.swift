public import Kubernetes

/// Who can connect to whom in an estate, as its network policies have it.
///
/// Pods that no policy tells apart are one group; groups about which all policies say the same in a direction share one
/// answer. Nothing is worked out pair by pair until pairs are asked for.
public struct NetworkModel: EstateAnalysis {
    /// What runs, sorted by name.
    public var workloads: [Workload] { groups.workloads }
    /// What could not be judged.
    public let gaps: [ReachabilityGap]

    let groups: PodGroups
    let policies: [Policy]
    let compiled: CompiledPolicies
    let ingress: ConnectionTypes
    let egress: ConnectionTypes
    let objects: [KubernetesObject]
    let doors: [Door]
    let doorsOfWorkload: [Int: [Int]]
    let privateObjects: Set<Int>

    public init(of inventory: Inventory) {
        let list = PolicyList(inventory)
        let nodes = NodeAddresses(inventory)
        let vocabulary = PolicyVocabulary(list.policies, nodes: nodes)
        groups = PodGroups(inventory, vocabulary, nodes)
        policies = list.policies
        objects = inventory.objects
        compiled = CompiledPolicies(policies, groups, vocabulary, nodes)
        ingress = ConnectionTypes(compiled, .ingress)
        egress = ConnectionTypes(compiled, .egress)
        let entries = EntryReader(inventory, groups)
        doors = entries.doors
        doorsOfWorkload = Dictionary(grouping: doors.indices) { [doors] in doors[$0].workload }
        privateObjects = Reachability.privateObjects(inventory)
        gaps = list.gaps + PolicyRemarks(list.policies, compiled, objects, nodes).gaps + nodes.gaps + groups.gaps + entries.gaps
    }

    /// Policies that decide something here.
    public var policyCount: Int { policies.count }

    // MARK: - Questions

    /// The workload an object of the inventory is or makes, nil when it runs nothing.
    public func workload(ofObject object: Int) -> Int? {
        groups.workloadOfObject.indices.contains(object) ? groups.workloadOfObject[object] : nil
    }

    /// The workload of this name, `shop/web[Deployment]`.
    public func number(ofWorkload name: String) -> Int? {
        let names = workloads
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle].description < name { low = middle + 1 } else { high = middle }
        }
        return low < names.count && names[low].description == name ? low : nil
    }

    /// What any Pod of one workload may open to any Pod of another.
    public func connections(from source: Int, to destination: Int) -> ConnectionSet {
        var connections = ConnectionSet.none
        for from in workloads[source].groups {
            for to in workloads[destination].groups { connections.formUnion(self.connections(fromGroup: from, toGroup: to)) }
        }
        return connections
    }

    func connections(fromGroup source: Int, toGroup destination: Int) -> ConnectionSet {
        let leaving = egress.kind(of: source).pods.connections { $0.contains(destination) }
        guard !leaving.isEmpty else { return .none }
        return leaving.intersection(ingress.kind(of: destination).pods.connections { $0.contains(source) })
    }

    /// What addresses outside may open to any Pod of the workload.
    public func externalIngress(of workload: Int) -> [ExternalConnections] { external(ingress, workload) }

    /// What any Pod of the workload may open to addresses outside.
    public func externalEgress(of workload: Int) -> [ExternalConnections] { external(egress, workload) }

    /// What any of these addresses may open to any Pod of the workload.
    public func connections(from addresses: AddressSet, to workload: Int) -> ConnectionSet {
        union(externalIngress(of: workload), with: addresses)
    }

    /// What any Pod of the workload may open to any of these addresses, such as that of a metadata service.
    public func connections(from workload: Int, to addresses: AddressSet) -> ConnectionSet {
        union(externalEgress(of: workload), with: addresses)
    }

    private func union(_ parts: [ExternalConnections], with addresses: AddressSet) -> ConnectionSet {
        ConnectionSet(unionOf: parts.filter { !$0.addresses.isDisjoint(with: addresses) }.map(\.connections))
    }

    /// Indexes into the inventory of the policies that select any Pod of the workload in a direction, in the order in
    /// which they are asked.
    public func policies(selecting workload: Int, _ direction: Direction) -> [Int] {
        let types = direction == .ingress ? ingress : egress
        let found = Set(workloads[workload].groups.flatMap { types.kind(of: $0).policies })
        return found.sorted().map { policies[$0].object }
    }

    /// Whether NetworkPolicies isolate every Pod of the workload in a direction, so that only what they allow is open.
    /// Pods on a node's network never are.
    public func isIsolated(_ direction: Direction, _ workload: Int) -> Bool {
        let types = direction == .ingress ? ingress : egress
        return workloads[workload].groups.allSatisfy { group in
            types.kind(of: group).policies.contains { policies[$0].tier == .namespace }
        }
    }

    private func external(_ types: ConnectionTypes, _ workload: Int) -> [ExternalConnections] {
        let groups = workloads[workload].groups
        let relation =
            groups.count == 1
            ? types.kind(of: groups[0]).external : Relation(allowing: groups.flatMap { types.kind(of: $0).external.parts })
        return relation.parts.map { ExternalConnections(addresses: $0.region, connections: $0.connections) }
    }
}

/// Addresses outside with which the same connections are possible.
public struct ExternalConnections: Sendable, Hashable {
    public let addresses: AddressSet
    public let connections: ConnectionSet
}
