import Documents
import Kubernetes

extension NetworkModel {
    /// Every way in from outside, by workload.
    ///
    /// - Parameter platforms: whose load balancer annotations count (`Settings.loadBalancerPlatforms`), empty for all.
    public func entries(platforms: [String] = []) -> [Entry] {
        workloads.indices.flatMap { entries(of: $0, platforms: platforms) }
    }

    /// The ways in from outside to one workload. Balancers with private addresses are none, nor are doors whose source
    /// ranges hold no address of the Internet.
    public func entries(of workload: Int, platforms: [String] = []) -> [Entry] {
        (doorsOfWorkload[workload] ?? []).compactMap { entry(doors[$0], platforms) }
    }

    private func entry(_ door: Door, _ platforms: [String]) -> Entry? {
        guard !door.sources.isDisjoint(with: .internet), let reach = reach(of: door, platforms, depth: 0) else { return nil }
        let (allowed, isCertain) = allowed(door)
        return Entry(
            kind: door.kind, reach: reach, workload: door.workload, path: door.path, sources: door.sources, forwarder: door.forwarder,
            targets: door.targets, allowed: allowed, isCertain: isCertain)
    }

    /// nil when the door is a private one.
    private func reach(of door: Door, _ platforms: [String], depth: Int) -> Entry.Reach? {
        // An object whose shape hides this is a gap already; it is taken for the worst.
        guard let outermost = door.path.first.map({ objects[$0] }) else { return nil }
        switch door.kind {
        case .nodePort, .hostPort: return .nodes
        case .externalIP: return .internet
        case .loadBalancer:
            switch (try? ServiceReach(of: outermost, platforms: platforms)) ?? .internet {
            case .cluster, .privateBalancer: return nil
            case .nodes: return .nodes
            case .unknownBalancer: return .unknown
            case .internet: return .internet
            }
        case .ingress, .gateway:
            if privateObjects.contains(door.path[0]) || isPrivateGateway(outermost, platforms) { return nil }
            guard case .workloads(let forwarders) = door.forwarder, depth == 0 else { return .unknown }
            // A controller in the estate is reached as its own Services let it be. Where they do not say, something else
            // leads to it: that nothing is seen is no proof that nothing is there.
            let theirs = forwarders.flatMap { doorsOfWorkload[$0] ?? [] }.map { doors[$0] }
            if let widest = theirs.compactMap({ reach(of: $0, platforms, depth: 1) }).max() { return widest }
            return theirs.contains { $0.kind == .loadBalancer } ? nil : .unknown
        }
    }

    private func isPrivateGateway(_ gateway: KubernetesObject, _ platforms: [String]) -> Bool {
        guard gateway.kind == "Gateway" else { return false }
        for annotations in [gateway.annotations, gateway.spec["infrastructure"]["annotations"]] {
            if (try? ServiceReach.hasPrivateMark(annotations, platforms)) == true { return true }
        }
        return false
    }

    /// What policies leave of a door.
    private func allowed(_ door: Door) -> (ConnectionSet, isCertain: Bool) {
        switch door.forwarder {
        case .client:
            let sources = door.sources.intersection(.internet)
            return (connections(from: sources, to: door.workload).intersection(door.targets), true)
        case .workloads(let forwarders):
            let connections = forwarders.filter { $0 != door.workload }.reduce(ConnectionSet.none) {
                $0.union(self.connections(from: $1, to: door.workload))
            }
            return (connections.intersection(door.targets), true)
        case .unknown: return (allowedFromAnyone(door.workload).intersection(door.targets), false)
        }
    }

    /// What policies allow to a workload from whomever, peers that are not in the estate included.
    func allowedFromAnyone(_ workload: Int) -> ConnectionSet {
        var allowed = ConnectionSet.none
        for group in workloads[workload].groups {
            let selecting = ingress.kind(of: group).policies.map { policies[$0] }
            guard selecting.contains(where: { $0.tier == .namespace }) else { return .all }
            for rule in selecting.flatMap({ $0.ingress ?? [] }) where rule.action == .allow {
                allowed.formUnion(CompiledPolicies.resolve(rule.ports, groups.groups[group].ports))
            }
        }
        return allowed
    }
}

/// Ingresses and Gateways that only an organisation's own network reaches.
func privateObjects(_ inventory: Inventory) -> Set<Int> {
    var found: Set<Int> = []
    for (index, object) in inventory.objects.enumerated() {
        let isPrivate: Bool?
        switch object.kind {
        case "Ingress" where object.isCoreIngress: isPrivate = try? isPrivateIngress(object, inventory)
        case "Gateway" where object.isInGroup(gatewayAPI):
            // Google's classes of internal load balancers.
            let name = (try? object.spec["gatewayClassName"].string()) ?? nil
            isPrivate = name.map { $0.contains("-rilb") || $0.contains("-internal-managed") }
        default: continue
        }
        if isPrivate == true { found.insert(index) }
    }
    return found
}

private func isPrivateIngress(_ ingress: KubernetesObject, _ inventory: Inventory) throws(WrongType) -> Bool {
    if try ingress.isInternalIngress { return true }
    // Alibaba Cloud's classes point to an AlbConfig, which says what address the balancer gets.
    guard let ingressClass = try inventory.ingressClass(of: ingress), let name = try ingressClass.spec["parameters"]["name"].string(),
        let settings = inventory.objects(ofKind: "AlbConfig").first(where: { $0.name == name })
    else { return false }
    return try settings.spec["config"]["addressType"].equals("Intranet")
}
