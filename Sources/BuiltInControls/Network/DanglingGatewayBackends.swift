import Controls
import Documents
import Kubernetes

extension Control {
    /// A route to a Service that is not there is an outage, and a trap: whoever first makes a Service of this name receives the
    /// traffic of a host that people trust.
    ///
    /// Fields: `spec.rules[].backendRefs[]` of HTTP, GRPC, TLS, TCP and UDP routes. References to other kinds are not judged.
    static let danglingGatewayBackends = Control(
        id: "dangling-gateway-backends",
        title: "Lead Gateway routes to existing Services",
        severity: .medium,
        duty: "C6",
        summary: "A route leads to a Service that does not exist, so whoever makes one of that name gets the traffic.",
        remedy: "Correct the name or namespace, or remove the rule.",
        passing: [
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: web, namespace: shop}
            spec:
              rules:
              - backendRefs:
                - {name: web, port: 80}
                - {group: example.com, kind: Bucket, name: icons}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            """
        ],
        failing: [
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: web, namespace: shop}
            spec:
              rules:
              - backendRefs:
                - name: gone # ✗
                  port: 80
            """,
            """
            apiVersion: gateway.networking.k8s.io/v1alpha2
            kind: TCPRoute
            metadata: {name: db, namespace: shop}
            spec:
              rules:
              - backendRefs:
                - name: web # ✗
                  namespace: other
                  port: 5432
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {selector: {app: web}, ports: [{port: 5432}]}
            """,
        ],
        check: .objects(["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"]) { route, report throws(WrongType) in
            guard route.isInGroup(gatewayAPI) else { return report.notApplicable() }
            for rule in try route.spec["rules"].items() {
                for backend in try rule["backendRefs"].items() {
                    let group = try backend["group"].string() ?? ""
                    let kind = try backend["kind"].string() ?? "Service"
                    guard group.isEmpty, kind == "Service", let name = try backend["name"].string() else { continue }
                    let namespace = try backend["namespace"].string() ?? route.namespace
                    if report.inventory.object(kind: "Service", namespace: namespace, name: name) == nil {
                        report.fail(
                            backend["name"], "\(route.kind) '\(route.name)' leads to Service '\(name)', which is not in namespace '\(namespace)'")
                    }
                }
            }
        })
}
