import Documents
import Kubernetes

/// A Service that an Ingress or a route names, with the port it is asked on.
struct Backend {
    let namespace: String
    let service: String
    /// nil takes any port of the Service.
    let port: Port?

    enum Port {
        case number(UInt16)
        case name(String)
    }

    func matches(_ servicePort: ServicePort) -> Bool {
        switch port {
        case .number(let number): servicePort.number == number
        case .name(let name): servicePort.name == name
        case nil: true
        }
    }
}

/// Reads where Ingresses and the routes of the Gateway API lead.
struct RouteReader {
    let inventory: Inventory

    static let routeKinds = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"]

    func backends(ofIngress ingress: KubernetesObject) throws(WrongType) -> [Backend] {
        var backends: [Backend] = []
        try ingress.forEachIngressBackend { backend throws(WrongType) in
            let service = backend["service"]
            let older = try backend["serviceName"].string()
            guard let name = try service["name"].string() ?? older else { return }
            backends.append(
                Backend(namespace: ingress.namespace, service: name, port: try RouteReader.port(service["port"], flat: backend["servicePort"])))
        }
        return backends
    }

    private static func port(_ port: Value, flat: Value) throws(WrongType) -> Backend.Port? {
        if let number = try readPort(port["number"]) { return .number(number) }
        if let name = try port["name"].string() { return .name(name) }
        if flat.kind == .string { return try flat.string().map(Backend.Port.name) }
        return try readPort(flat).map(Backend.Port.number)
    }

    /// The Services a route leads to, those of other namespaces only where a ReferenceGrant there lets it.
    func backends(ofRoute route: KubernetesObject) throws(WrongType) -> [Backend] {
        var backends: [Backend] = []
        for rule in try route.spec["rules"].items() {
            for reference in try rule["backendRefs"].items() {
                guard let name = try reference["name"].string(), try RouteReader.isService(reference) else { continue }
                let namespace = try reference["namespace"].string() ?? route.namespace
                // A weight of 0 takes no traffic.
                if try reference["weight"].int() == 0 { continue }
                if namespace != route.namespace, try !isGranted(route, to: name, in: namespace) { continue }
                let port = try readPort(reference["port"])
                backends.append(Backend(namespace: namespace, service: name, port: port.map(Backend.Port.number)))
            }
        }
        return backends
    }

    private static func isService(_ reference: Value) throws(WrongType) -> Bool {
        let isCore = try reference["group"].isEmptyString()
        let kind = try reference["kind"].string() ?? "Service"
        return isCore && kind == "Service"
    }

    /// (Gateway API, `ReferenceGrant`)
    private func isGranted(_ route: KubernetesObject, to service: String, in namespace: String) throws(WrongType) -> Bool {
        for grant in inventory.objects(ofKind: "ReferenceGrant", namespace: namespace) {
            var (isFrom, isTo) = (false, false)
            for from in try grant.spec["from"].items() {
                let (kind, origin) = (try from["kind"].string(), try from["namespace"].string())
                if kind == route.kind, origin == route.namespace { isFrom = true }
            }
            for to in try grant.spec["to"].items() {
                let isKind = try to["kind"].equals("Service")
                let name = try to["name"].string() ?? ""
                if isKind, name.isEmpty || name == service { isTo = true }
            }
            if isFrom, isTo { return true }
        }
        return false
    }

    /// The Gateways a route hangs on.
    ///
    /// - Returns: indexes into `gateways`, which lists those of the estate, and whether the route names any that is not there.
    func parents(of route: KubernetesObject, among gateways: [String: Int]) throws(WrongType) -> (known: [Int], hasForeign: Bool) {
        var known: [Int] = []
        var hasForeign = false
        for parent in try route.spec["parentRefs"].items() {
            // Routes of a mesh hang on Services.
            let kind = try parent["kind"].string() ?? "Gateway"
            guard kind == "Gateway", let name = try parent["name"].string() else { continue }
            let namespace = try parent["namespace"].string() ?? route.namespace
            guard let index = gateways["\(namespace)/\(name)"] else {
                hasForeign = true
                continue
            }
            if try accepts(inventory.objects[index], route, parent) { known.append(index) }
        }
        return (known, hasForeign)
    }

    /// Whether a listener that the route asks for takes routes of its kind and namespace.
    private func accepts(_ gateway: KubernetesObject, _ route: KubernetesObject, _ parent: Value) throws(WrongType) -> Bool {
        let (section, port) = (try parent["sectionName"].string(), try parent["port"].int())
        for listener in try gateway.spec["listeners"].items() {
            if let section, try listener["name"].string() != section { continue }
            if let port, try listener["port"].int() != port { continue }
            if try takes(listener, gateway, route) { return true }
        }
        return false
    }

    private func takes(_ listener: Value, _ gateway: KubernetesObject, _ route: KubernetesObject) throws(WrongType) -> Bool {
        let allowed = listener["allowedRoutes"]
        let kinds = try allowed["kinds"].items()
        if !kinds.isEmpty {
            var isListed = false
            for kind in kinds where try kind["kind"].string() == route.kind { isListed = true }
            if !isListed { return false }
        }
        let namespaces = allowed["namespaces"]
        switch try namespaces["from"].string() ?? "Same" {
        case "All": return true
        case "Selector":
            let selector = try LabelSelector(namespaces["selector"])
            var labels = [NamespaceList.nameLabel: route.namespace]
            if let namespace = inventory.object(kind: "Namespace", namespace: "", name: route.namespace) {
                labels.merge(try namespace.labels.stringMap()) { implied, _ in implied }
            }
            return selector.matches(labels)
        case "None": return false
        default: return gateway.namespace == route.namespace
        }
    }
}
