import Documents

/// Which Services lead to which workloads, and which routes lead to which Services.
public struct ServiceLinks: Sendable {
    private var servicesOfWorkload: [Int: [Int]] = [:]
    /// Routes and Ingresses by the Service they name, as `namespace/name`.
    private var routesOfService: [String: [Int]] = [:]

    init(_ objects: [KubernetesObject], services: [Int], routes: [Int], workloads: WorkloadIndex) {
        for index in services {
            // A selector the API server refuses leads nowhere; the control on dangling Services reports the gap.
            guard let selector = try? LabelSelector(mapping: objects[index].spec["selector"]), !selector.matchesEverything else { continue }
            for workload in workloads.select(selector, in: objects[index].namespace, of: objects) {
                servicesOfWorkload[workload, default: []].append(index)
            }
        }
        for index in routes { try? read(objects[index], index) }
    }

    static let routeKinds = ["Ingress", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"]

    /// Indexes of the Services that select the Pods of this object.
    public func services(of workload: Int) -> [Int] { servicesOfWorkload[workload] ?? [] }

    /// Indexes of the Ingresses and routes that lead to a Service.
    public func routes(to service: KubernetesObject) -> [Int] { routesOfService["\(service.namespace)/\(service.name)"] ?? [] }

    private mutating func read(_ route: KubernetesObject, _ index: Int) throws(WrongType) {
        if route.kind == "Ingress" {
            try add(route.spec["defaultBackend"]["service"]["name"].string(), route.namespace, index)
            try add(route.spec["backend"]["serviceName"].string(), route.namespace, index)
            for rule in try route.spec["rules"].items() {
                for path in try rule["http"]["paths"].items() {
                    try add(path["backend"]["service"]["name"].string(), route.namespace, index)
                    try add(path["backend"]["serviceName"].string(), route.namespace, index)
                }
            }
            return
        }
        for rule in try route.spec["rules"].items() {
            for backend in try rule["backendRefs"].items() {
                let namespace = try backend["namespace"].string() ?? route.namespace
                try add(backend["name"].string(), namespace, index)
            }
        }
    }

    private mutating func add(_ service: String?, _ namespace: String, _ route: Int) {
        guard let service else { return }
        routesOfService["\(namespace)/\(service)", default: []].append(route)
    }
}
