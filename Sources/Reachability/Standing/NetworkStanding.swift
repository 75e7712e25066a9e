public import Documents
public import Kubernetes

/// Where each workload stands: who inside reaches it, what it reaches, and whether any policy is about it. What many
/// checks ask about each Pod is worked out once for all Pods about which policies say the same.
public final class NetworkStanding: EstateAnalysis {
    public let model: NetworkModel
    /// A kind of policy in the estate that is not judged: whatever seems open may be closed by one of those.
    public let unreadKind: String?
    /// What strangers may open, by ingress kind.
    private let strangers: [ConnectionSet]
    /// Whether a Pod can ask for names, by egress kind.
    private let names: [NameLookup]
    /// Where the cluster's DNS listens on its Pods.
    let namePorts: ConnectionSet
    /// Objects that make Pods behind each Service, by its index.
    private let objectsOfService: [Int: [Int]]
    /// Services in front of each object that makes Pods.
    let servicesOfObject: [Int: [Int]]
    /// Workloads that Ingresses and routes lead to, by their index.
    private let workloadsOfRoute: [Int: Set<Int>]

    /// Whether Pods can ask DNS for names.
    public enum NameLookup: Sendable {
        case open
        /// They may connect to other Pods but not to whoever tells where those are.
        case cutOff
        /// They connect to no other Pods, so they may well need no names.
        case unneeded
    }

    public init(of inventory: Inventory) {
        let model = inventory.analysis(NetworkModel.self)
        self.model = model
        unreadKind = model.gaps.first { $0.reason == .unreadKind }?.place.text
        strangers = model.ingress.kinds.map { model.strangerIngress($0) }
        var objectsOfService: [Int: [Int]] = [:]
        var servicesOfObject: [Int: [Int]] = [:]
        for object in inventory.objects.indices where model.workload(ofObject: object) != nil {
            let services = inventory.links.services(of: object)
            if services.isEmpty { continue }
            servicesOfObject[object] = services
            for service in services { objectsOfService[service, default: []].append(object) }
        }
        self.objectsOfService = objectsOfService
        self.servicesOfObject = servicesOfObject
        var workloadsOfRoute: [Int: Set<Int>] = [:]
        // A path ends in the Service, and before that is what names it.
        for door in model.doors where door.path.count > 1 { workloadsOfRoute[door.path[door.path.count - 2], default: []].insert(door.workload) }
        self.workloadsOfRoute = workloadsOfRoute
        let lookup = NameService(inventory, model, objectsOfService)
        names = model.egress.kinds.map { lookup.judge($0, model.policies) }
        namePorts = lookup.ports
    }

    // MARK: - Pods

    /// The workload an object of the inventory is or makes, nil when it runs nothing.
    /// - Throws: `WrongType` for what the API server refuses, which runs nothing either but must not pass for it.
    public func workload(ofObject object: Int) throws(WrongType) -> Int? {
        if let known = model.workload(ofObject: object) { return known }
        guard let pod = model.objects[object].pod else { return nil }
        _ = try PodReader(nodes: .none).profile(of: model.objects[object], pod)
        for reference in try model.objects[object].metadata["ownerReferences"].items() {
            _ = (try reference["controller"].bool(), try reference["name"].string(), try reference["kind"].string())
        }
        return nil
    }

    /// What a Pod that nobody has named may open to some Pod of the workload: one without labels, in a namespace without labels.
    public func strangerIngress(of workload: Int) -> ConnectionSet {
        model.workloads[workload].groups.reduce(.none) { $0.union(strangers[model.ingress.kindOfGroup[$1]]) }
    }

    /// Whether a NetworkPolicy is about each Pod of the workload in this direction.
    public func isSelected(_ workload: Int, _ direction: Direction) -> Bool {
        let types = direction == .ingress ? model.ingress : model.egress
        return model.workloads[workload].groups.allSatisfy { group in
            types.kind(of: group).policies.contains { model.policies[$0].tier == .namespace }
        }
    }

    /// Whether any policy, an administrator's or a namespace's, is about each Pod of the workload in this direction.
    public func isSelectedByAny(_ workload: Int, _ direction: Direction) -> Bool {
        let types = direction == .ingress ? model.ingress : model.egress
        return model.workloads[workload].groups.allSatisfy { !types.kind(of: $0).policies.isEmpty }
    }

    /// The worst that holds for a Pod of the workload.
    public func nameLookup(of workload: Int) -> NameLookup {
        let all = model.workloads[workload].groups.map { names[model.egress.kindOfGroup[$0]] }
        return all.contains(.cutOff) ? .cutOff : all.contains(.open) ? .open : .unneeded
    }

    /// Whether some Pod of the workload stands on its node's network, where no policy holds.
    public func usesHostNetwork(_ workload: Int) -> Bool {
        model.workloads[workload].groups.contains { model.groups.groups[$0].isHostNetwork }
    }

    // MARK: - Addresses

    /// What some Pod of the workload may open to this address.
    public func egress(of workload: Int, to address: AddressRange) -> ConnectionSet {
        let address = AddressSet(address)
        return model.externalEgress(of: workload).first { !$0.addresses.isDisjoint(with: address) }?.connections ?? .none
    }

    /// What some Pod of the workload may open to most of the Internet.
    public func internetEgress(of workload: Int) -> ConnectionSet { model.externalEgress(of: workload).openToInternet }

    /// What most of the Internet may open to some Pod of the workload, as far as policies decide.
    public func internetIngress(of workload: Int) -> ConnectionSet { model.externalIngress(of: workload).openToInternet }

    // MARK: - Services and routes

    /// The ways in from outside that lead over an Ingress or a route.
    public func entries(throughRoute route: Int, platforms: [String]) -> [Entry] {
        (workloadsOfRoute[route] ?? []).sorted().flatMap { workload in
            model.entries(of: workload, platforms: platforms).filter { $0.path.count > 1 && $0.path[$0.path.count - 2] == route }
        }
    }

    /// Indexes of the objects that make the Pods behind a Service.
    public func objects(behindService service: Int) -> [Int] { objectsOfService[service] ?? [] }

    /// The ports of a Service that policies keep everybody from, in all of its Pods.
    ///
    /// - Returns: the ports as written; none for a Service without Pods.
    /// - Throws: `WrongType` for a Service the API server refuses.
    public func closedPorts(ofService service: Int) throws(WrongType) -> [Value] {
        let objects = objects(behindService: service)
        guard !objects.isEmpty else { return [] }
        let ports = try ServicePort.all(of: model.objects[service])
        let reader = PodReader(nodes: .none)
        var open = Set<Int>()
        var known = Set<Int>()
        for object in objects {
            guard let workload = model.workload(ofObject: object), let pod = model.objects[object].pod,
                let profile = try reader.profile(of: model.objects[object], pod)
            else { continue }
            let allowed = model.allowedFromAnyone(workload)
            for (index, port) in ports.enumerated() {
                let targets = port.connections(to: profile)
                // A name that no container has is another fault.
                if targets.isEmpty { continue }
                known.insert(index)
                if !targets.intersection(allowed).isEmpty { open.insert(index) }
            }
        }
        let written = Array(try model.objects[service].spec["ports"].items())
        return known.subtracting(open).sorted().filter(written.indices.contains).map { written[$0] }
    }
}

extension [ExternalConnections] {
    /// What is possible with more than half of the public addresses of a family.
    public var openToInternet: ConnectionSet {
        let relation = Relation(disjoint: map { Relation.Part(region: $0.addresses, connections: $0.connections) })
        return relation.byConnections.filter { $0.addresses.isMostOfInternet }.reduce(.none) { $0.union($1.connections) }
    }
}

extension AddressSet {
    /// Whether this holds more than half of the public addresses of a family: two halves of everything are as open as everything.
    public var isMostOfInternet: Bool {
        let public4 = intersection(.internet).v4.ranges.reduce(0) { $0 + Int($1.upperBound - $1.lowerBound) + 1 }
        if public4 > 1 << 31 { return true }
        // Public addresses of IPv6 are those of 2000::/3 (RFC 4291 section 2.4), a block of 2^125.
        let block = AddressSet.public6
        return v6.intersection(block).ranges.reduce(UInt128(0)) { $0 + ($1.upperBound - $1.lowerBound) + 1 } > UInt128(1) << 124
    }

    private static let public6 = IntervalSet<UInt128>(UInt128(1) << 125...(UInt128(1) << 126) - 1)
}
