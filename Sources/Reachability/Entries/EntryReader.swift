import Documents
import Kubernetes

/// A way in as manifests describe it, before policies are asked.
struct Door: Sendable {
    let kind: Entry.Kind
    let workload: Int
    let path: [Int]
    let sources: AddressSet
    let forwarder: Entry.Forwarder
    var targets: ConnectionSet
}

/// Finds the doors of an estate.
struct EntryReader {
    private(set) var doors: [Door] = []
    private(set) var gaps: [ReachabilityGap] = []
    private let inventory: Inventory
    private let workloads: [Int?]
    private let forwarders: ForwarderList
    private let pods = PodReader(nodes: .none)
    /// Objects behind each Service.
    private var objectsOfService: [Int: [Int]] = [:]
    private var serviceNumbers: [String: Int] = [:]

    init(_ inventory: Inventory, _ groups: PodGroups) {
        self.inventory = inventory
        workloads = groups.workloadOfObject
        forwarders = ForwarderList(inventory.objects, workloads: workloads)
        for object in inventory.objects.indices where workloads[object] != nil {
            for service in inventory.links.services(of: object) { objectsOfService[service, default: []].append(object) }
        }
        for (index, object) in inventory.objects.enumerated() where object.isCoreService {
            serviceNumbers["\(object.namespace)/\(object.name)"] = index
            collect { reader throws(WrongType) in try reader.addService(object, index) }
        }
        addIngresses()
        addRoutes()
        addHostPorts()
        mergeDoors()
    }

    /// Several rules of one Ingress may lead to one Service, and a route may hang on one Gateway twice.
    private mutating func mergeDoors() {
        struct Key: Hashable {
            let kind: Entry.Kind
            let workload: Int
            let path: [Int]
        }
        var places: [Key: Int] = [:]
        var merged: [Door] = []
        for door in doors {
            let key = Key(kind: door.kind, workload: door.workload, path: door.path)
            if let place = places[key] {
                merged[place].targets.formUnion(door.targets)
            } else {
                places[key] = merged.count
                merged.append(door)
            }
        }
        doors = merged
    }

    /// What an object of the wrong shape opens is not known; the rest is.
    private mutating func collect(_ body: (inout EntryReader) throws(WrongType) -> Void) {
        do throws(WrongType) {
            try body(&self)
        } catch {
            gaps.append(ReachabilityGap(error))
        }
    }

    // MARK: - Services

    private mutating func addService(_ service: KubernetesObject, _ index: Int) throws(WrongType) {
        let type = try service.spec["type"].string() ?? "ClusterIP"
        if type == "ExternalName" { return }
        let ports = try ServicePort.all(of: service)
        if type == "LoadBalancer" {
            // An annotation of the wrong type is no mark of a private balancer, and must be said.
            _ = try ServiceReach(of: service, platforms: [])
            try add(.loadBalancer, [index], .client, ports, sources: loadBalancerSources(service))
        } else if type == "NodePort" {
            try add(.nodePort, [index], .client, ports)
        }
        var external = AddressSet.empty
        for text in try service.spec["externalIPs"].strings() { external = external.union(AddressRange(text).map { AddressSet($0) } ?? .empty) }
        if !external.isDisjoint(with: .internet) { try add(.externalIP, [index], .client, ports) }
    }

    /// Adds a door for each workload behind the Service at the end of a path.
    private mutating func add(
        _ kind: Entry.Kind, _ path: [Int], _ forwarder: Entry.Forwarder, _ ports: [ServicePort], sources: AddressSet = .everything
    ) throws(WrongType) {
        guard let service = path.last else { return }
        var targets: [Int: ConnectionSet] = [:]
        for object in objectsOfService[service] ?? [] {
            guard let workload = workloads[object], let pod = inventory.objects[object].pod,
                let profile = try pods.profile(of: inventory.objects[object], pod)
            else { continue }
            for port in ports { targets[workload, default: .none].formUnion(port.connections(to: profile)) }
        }
        for (workload, connections) in targets.sorted(by: { $0.key < $1.key }) where !connections.isEmpty {
            doors.append(Door(kind: kind, workload: workload, path: path, sources: sources, forwarder: forwarder, targets: connections))
        }
    }

    // MARK: - Ingresses and routes

    private mutating func addIngresses() {
        let reader = RouteReader(inventory: inventory)
        for (index, ingress) in inventory.objects.enumerated() where ingress.kind == "Ingress" && ingress.isCoreIngress {
            collect { entries throws(WrongType) in
                let found = entries.forwarders.forwarders(ofController: try entries.controller(of: ingress))
                for backend in try reader.backends(ofIngress: ingress) { try entries.add(.ingress, [index], backend, found) }
            }
        }
    }

    /// `spec.controller` of the class of an Ingress, nil when the class is not in the estate.
    private func controller(of ingress: KubernetesObject) throws(WrongType) -> String? {
        guard let ingressClass = try inventory.ingressClass(of: ingress) else { return nil }
        return try ingressClass.spec["controller"].string()
    }

    private mutating func addRoutes() {
        let reader = RouteReader(inventory: inventory)
        var gateways: [String: Int] = [:]
        for (index, object) in inventory.objects.enumerated() where object.kind == "Gateway" && object.isInGroup(gatewayAPI) {
            gateways["\(object.namespace)/\(object.name)"] = index
        }
        for (index, route) in inventory.objects.enumerated() where RouteReader.routeKinds.contains(route.kind) && route.isInGroup(gatewayAPI) {
            collect { entries throws(WrongType) in
                let parents = try reader.parents(of: route, among: gateways)
                for backend in try reader.backends(ofRoute: route) {
                    for gateway in parents.known {
                        let found = entries.forwarders.forwarders(ofGateway: entries.inventory.objects[gateway])
                        try entries.add(.gateway, [gateway, index], backend, found)
                    }
                    if parents.known.isEmpty, parents.hasForeign { try entries.add(.gateway, [index], backend, []) }
                }
            }
        }
    }

    private mutating func add(_ kind: Entry.Kind, _ path: [Int], _ backend: Backend, _ forwarders: [Int]) throws(WrongType) {
        guard let service = serviceNumbers["\(backend.namespace)/\(backend.service)"] else { return }
        let ports = try ServicePort.all(of: inventory.objects[service]).filter(backend.matches)
        try add(kind, path + [service], forwarders.isEmpty ? .unknown : .workloads(forwarders), ports)
    }

    // MARK: - Pods on the nodes' addresses

    /// One door for each workload, however many of its Pods are in the estate.
    private mutating func addHostPorts() {
        var found: [Int: (object: Int, targets: ConnectionSet)] = [:]
        for (index, object) in inventory.objects.enumerated() {
            guard let workload = workloads[index], let pod = object.pod else { continue }
            do throws(WrongType) {
                let targets = try hostPorts(of: pod)
                if !targets.isEmpty { found[workload, default: (index, .none)].targets.formUnion(targets) }
            } catch {
                gaps.append(ReachabilityGap(error))
            }
        }
        for (workload, door) in found.sorted(by: { $0.key < $1.key }) {
            doors.append(
                Door(kind: .hostPort, workload: workload, path: [door.object], sources: .everything, forwarder: .client, targets: door.targets))
        }
    }

    private func hostPorts(of pod: PodSpec) throws(WrongType) -> ConnectionSet {
        var ports = ConnectionSet.none
        for container in pod.containers {
            for port in try container.node["ports"].items() {
                let hostPort = try readPort(port["hostPort"])
                guard pod.usesHostNetwork || hostPort != nil, let number = try readPort(port["containerPort"]) else { continue }
                ports.formUnion(ConnectionSet(try TransportProtocol(port["protocol"]), PortSet(number)))
            }
        }
        return ports
    }
}

extension Inventory {
    /// The IngressClass of an Ingress, by its field or the older annotation; the default class where it names none.
    func ingressClass(of ingress: KubernetesObject) throws(WrongType) -> KubernetesObject? {
        let older = try ingress.annotations["kubernetes.io/ingress.class"].string()
        if let named = try ingress.spec["ingressClassName"].string() ?? older { return object(kind: "IngressClass", namespace: "", name: named) }
        for candidate in objects(ofKind: "IngressClass") {
            if try candidate.annotations["ingressclass.kubernetes.io/is-default-class"].equals("true") { return candidate }
        }
        return nil
    }
}
