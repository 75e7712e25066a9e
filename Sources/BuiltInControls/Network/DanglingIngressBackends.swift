import Controls
import Documents
import Kubernetes

extension Control {
    /// A path that leads to a Service that is not there is an outage, and a trap: whoever first makes a Service of this name
    /// in the namespace receives the traffic of a host that people trust.
    ///
    /// Fields: `service.name` and `service.port` of every backend (`serviceName` before v1). Backends that are another
    /// `resource` are not Services.
    static let danglingIngressBackends = Control(
        id: "dangling-ingress-backends",
        title: "Lead Ingress paths to existing Services",
        severity: .medium,
        duty: "C6",
        summary: "An Ingress path leads to a Service that does not exist, so whoever makes one of that name gets the traffic of the host.",
        remedy: "Correct the name or port, or remove the path.",
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec:
              rules:
              - host: www.example.com
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec:
              rules:
              - host: www.example.com
                http:
                  paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service:
                        name: gone # ✗
                        port: {number: 80}
                  - path: /api
                    pathType: Prefix
                    backend:
                      service:
                        name: api
                        port:
                          number: 8080 # ✗
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: shop}
            spec: {selector: {app: api}, ports: [{name: http, port: 80}]}
            """
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            guard ingress.isCoreIngress else { return report.notApplicable() }
            try ingress.forEachIngressBackend { backend throws(WrongType) in
                let isFlat = backend["serviceName"].exists
                let name = isFlat ? backend["serviceName"] : backend["service"]["name"]
                guard let service = try name.string() else { return }
                guard let found = report.inventory.object(kind: "Service", namespace: ingress.namespace, name: service) else {
                    report.fail(name, "Ingress '\(ingress.name)' leads to Service '\(service)', which is not in namespace '\(ingress.namespace)'")
                    return
                }
                let port = isFlat ? backend["servicePort"] : backend["service"]["port"]["number"]
                let portName = backend["service"]["port"]["name"]
                if found.isCoreService, try !offers(found, port: port), try !offers(found, port: portName) {
                    let asked = portName.exists ? portName : port
                    report.fail(asked, "Ingress '\(ingress.name)' leads to a port that Service '\(service)' does not have")
                }
            }
        })
}

/// Whether a Service has a port of this number or name. Without ports (an ExternalName) it offers all.
private func offers(_ service: KubernetesObject, port asked: Value) throws(WrongType) -> Bool {
    var hasPorts = false
    for port in try service.spec["ports"].items() {
        hasPorts = true
        if asked.hasSameText(as: port["port"]) { return true }
        if asked.hasSameText(as: port["name"]) { return true }
    }
    return !hasPorts
}
