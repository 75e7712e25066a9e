import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// An Ingress or a route leads people outside to what a Service calls port 80 and a Pod serves as its database's console. The Service looks harmless
    /// and so does the route; only the way they make together shows it.
    ///
    /// Fields: backends of Ingresses and of the Gateway API's routes, followed through the Service to the port of the Pods. Allowed: ports that no
    /// program of administration and no database is known for, and Ingresses and Gateways with private addresses.
    static let administrativeRoutes = Control(
        id: "administrative-routes",
        title: "Route outsiders to no administrative port or database",
        severity: .high,
        duty: "P3b",
        summary: "An Ingress or route leads people outside the cluster to a port of remote administration, of a database or of Kubernetes itself.",
        remedy: "Remove the backend and reach it through a bastion, VPN or `kubectl port-forward`, or put an authenticating proxy in front.",
        references: [Reference("mitre-attack", "T1133"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: search, labels: {app: search}}
            spec: {containers: [{name: app, image: registry.example.com/search:1.0, ports: [{name: web, containerPort: 8080}, {name: api, containerPort: 9200}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: search}
            spec: {selector: {app: search}, ports: [{name: web, port: 80, targetPort: web}, {name: api, port: 9200, targetPort: api}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: search}
            spec: {defaultBackend: {service: {name: search, port: {name: web}}}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: search, labels: {app: search}}
            spec: {containers: [{name: app, image: registry.example.com/search:1.0, ports: [{name: api, containerPort: 9200}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: search}
            spec: {selector: {app: search}, ports: [{port: 80, targetPort: api}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: search}
            spec:
              rules:
              - http:
                  paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service: # ✗
                        name: search
                        port: {number: 80}
            """
        ],
        check: .objects(["Ingress", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"]) { route, report throws(WrongType) in
            guard route.kind == "Ingress" ? route.isCoreIngress : route.isInGroup("gateway.networking.k8s.io") else { return report.notApplicable() }
            let standing = report.inventory.analysis(NetworkStanding.self)
            var known: Set<Int> = []
            for entry in standing.entries(throughRoute: report.object, platforms: report.settings.loadBalancerPlatforms) {
                guard let service = entry.path.last.map({ report.inventory.objects[$0] }) else { continue }
                guard let (port, use) = administrativePort(among: entry.targets) else { continue }
                let place = try backend(of: route, to: service) ?? route.metadata
                guard known.insert(place.identity).inserted else { continue }
                report.failUnlessUnread(
                    standing, place, "\(route.displayName) leads outsiders to \(use) (port \(port) of the Pods behind Service '\(service.name)')",
                    value: "\(port)")
            }
        })
}

private func administrativePort(among connections: ConnectionSet) -> (port: UInt16, use: StaticString)? {
    for transport in TransportProtocol.allCases {
        // Targets of Services are single ports, so there are as many ranges as ports at most.
        for range in connections[transport].ranges {
            for port in range { if let use = administrativeUse(of: Int64(port)) { return (port, use) } }
        }
    }
    return nil
}

/// Where a route names a Service.
private func backend(of route: KubernetesObject, to service: KubernetesObject) throws(WrongType) -> Value? {
    var found: Value?
    if route.kind == "Ingress" {
        try route.forEachIngressBackend { backend throws(WrongType) in
            guard found == nil else { return }
            if try backend["service"]["name"].isText(service.name) { found = backend["service"] }
            if try backend["serviceName"].isText(service.name) { found = backend["serviceName"] }
        }
        return found
    }
    for rule in try route.spec["rules"].items() {
        for reference in try rule["backendRefs"].items() where try reference["name"].isText(service.name) {
            let namespace = try reference["namespace"].string() ?? route.namespace
            if namespace == service.namespace { return reference }
        }
    }
    return nil
}
